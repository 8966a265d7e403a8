package io.floatingip.gateway;

import io.floatingip.VirtualAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/** Puts the file's static addresses on their interfaces, by {@code ip}, and takes them off at the end. One thread at a time. */
final class StaticAddresses {
    private final Set<VirtualAddress> added = new LinkedHashSet<>();
    private final Consumer<String> tell;

    StaticAddresses(Consumer<String> tell) {
        this.tell = tell;
    }

    /** Adds what is new and removes what is not there any more; what stays is not touched. */
    void change(List<VirtualAddress> wanted) {
        Set<VirtualAddress> next = new LinkedHashSet<>(wanted);
        for (VirtualAddress old : List.copyOf(added)) {
            if (!next.contains(old)) {
                ip("del", old);
                added.remove(old);
            }
        }
        for (VirtualAddress address : next) {
            if (!added.contains(address) && ip("replace", address)) {
                added.add(address);
            }
        }
    }

    private boolean ip(String action, VirtualAddress address) {
        List<String> command = new ArrayList<>(List.of(
                "ip",
                "address",
                action,
                address.toString(),
                "dev",
                address.device().orElseThrow()));
        address.peer().ifPresent(peer -> command.addAll(List.of("peer", peer.getHostAddress())));
        if (action.equals("replace")) {
            address.broadcast().ifPresent(to -> command.addAll(List.of("broadcast", to.getHostAddress())));
            address.label().ifPresent(label -> command.addAll(List.of("label", label)));
            if (address.scope() != VirtualAddress.Scope.GLOBAL) {
                command.addAll(List.of("scope", address.scope().name().toLowerCase(Locale.ROOT)));
            }
            if (address.noPrefixRoute()) {
                command.add("noprefixroute");
            }
        }
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor() == 0) {
                return true;
            }
            tell.accept("static address " + address + ": " + said.strip());
        } catch (IOException e) {
            tell.accept("static address " + address + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
