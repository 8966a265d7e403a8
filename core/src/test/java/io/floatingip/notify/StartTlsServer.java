package io.floatingip.notify;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** As much of an SMTP server as it takes to see what is said before and after STARTTLS (RFC 3207). */
final class StartTlsServer implements AutoCloseable {
    private final ServerSocket server;
    private final SSLContext tls;
    private final List<String> inTheClear = Collections.synchronizedList(new ArrayList<>());
    private final List<String> encrypted = Collections.synchronizedList(new ArrayList<>());

    StartTlsServer(SSLContext tls) throws IOException {
        this.tls = tls;
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "smtp");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** The first words of the commands. */
    List<String> inTheClear() {
        return List.copyOf(inTheClear);
    }

    List<String> encrypted() {
        return List.copyOf(encrypted);
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                say(socket, "220 ready");
                if (talk(socket, inTheClear)) {
                    SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true);
                    secure.setUseClientMode(false);
                    talk(secure, encrypted);
                }
            } catch (IOException e) {
                // The client is gone, or the test is over.
            }
        }
    }

    /** Returns whether TLS is wanted now. */
    private static boolean talk(Socket socket, List<String> words) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String line;
        while ((line = in.readLine()) != null) {
            String word = line.split(" ")[0];
            words.add(word);
            switch (word) {
                case "EHLO" ->
                    say(
                            socket,
                            socket instanceof SSLSocket ? "250-smtp\r\n250 AUTH PLAIN" : "250-smtp\r\n250 STARTTLS");
                case "STARTTLS" -> {
                    say(socket, "220 go ahead");
                    return true;
                }
                case "AUTH" -> say(socket, "235 welcome");
                case "DATA" -> {
                    say(socket, "354 go on");
                    String data = in.readLine();
                    while (data != null && !data.equals(".")) {
                        data = in.readLine();
                    }
                    say(socket, "250 taken");
                }
                case "QUIT" -> {
                    say(socket, "221 bye");
                    return false;
                }
                default -> say(socket, "250 ok");
            }
        }
        return false;
    }

    private static void say(Socket socket, String line) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
