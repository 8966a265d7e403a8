package io.floatingip.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Two network namespaces with a virtual cable: {@code a} with device a0, 10.0.0.1 and fd00::1, and {@code b} with b0, 10.0.0.2 and fd00::2. */
final class NftLab implements AutoCloseable {
    final String a = "fence-a-" + ProcessHandle.current().pid();
    final String b = "fence-b-" + ProcessHandle.current().pid();

    NftLab() throws IOException {
        run("ip", "netns", "add", a);
        run("ip", "netns", "add", b);
        inA("ip link add a0 type veth peer name b0 netns " + b + "; ip link set lo up; ip addr add 10.0.0.1/24 dev a0;"
                + "ip addr add fd00::1/64 dev a0 nodad; ip link set a0 up");
        inB(
                "ip link set lo up; ip addr add 10.0.0.2/24 dev b0; ip addr add fd00::2/64 dev b0 nodad; ip link set b0 up");
    }

    /** Whether this user may make namespaces. */
    static boolean possible() {
        try {
            run("unshare", "-n", "true");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    String inA(String script) throws IOException {
        return run("ip", "netns", "exec", a, "sh", "-c", script);
    }

    String inB(String script) throws IOException {
        return run("ip", "netns", "exec", b, "sh", "-c", script);
    }

    /** Runs it on a thread of its own that lives in the namespace. */
    static <T> CompletableFuture<T> start(String namespace, Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                Sys.setns(
                        Sys.open("/run/netns/" + namespace, Libc.O_RDONLY, "opening a namespace"),
                        Libc.CLONE_NEWNET,
                        "entering a namespace");
                result.complete(task.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    static <T> T call(String namespace, Callable<T> task) throws IOException {
        try {
            return start(namespace, task).join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
    }

    /** A JVM in namespace a that runs {@link NftSender} with these arguments. */
    Process sender(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", a));
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(
                List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", System.getProperty("java.class.path")));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.add(NftSender.class.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output);
            }
            return output;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        run("ip", "netns", "del", a);
        run("ip", "netns", "del", b);
    }
}
