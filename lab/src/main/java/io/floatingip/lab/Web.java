package io.floatingip.lab;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A web server that answers everything with its name, a few bytes, and keeps connections unless told to close them: something to stand behind a proxy. */
public final class Web {
    private static final int BACKLOG = 1024;

    private Web() {}

    /** Starts one in a host. */
    public static Running start(Host host, int port, String name) {
        List<String> command = new ArrayList<>(Client.java(Web.class));
        command.addAll(List.of(Integer.toString(port), name));
        Running web = host.start("web-" + name, command);
        web.awaitLine("bound", Duration.ofSeconds(20));
        return web;
    }

    /** Arguments: port, name. Says {@code bound} when it is. */
    public static void main(String[] args) throws IOException {
        byte[] answer = ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + args[1].length()
                        + "\r\n\r\n" + args[1])
                .getBytes(StandardCharsets.US_ASCII);
        try (ServerSocket server =
                new ServerSocket(Integer.parseInt(args[0]), BACKLOG, InetAddress.getByName("0.0.0.0"))) {
            System.out.println("bound");
            while (true) {
                Socket socket = server.accept();
                Thread thread = new Thread(() -> serve(socket, answer), "web");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private static void serve(Socket socket, byte[] answer) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            // Requests have no body: a request ends with an empty line.
            StringBuilder request = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                request.append((char) c);
                if (c == '\n' && request.indexOf("\r\n\r\n", request.length() - 4) >= 0) {
                    out.write(answer);
                    if (request.indexOf("\r\nConnection: close\r\n") >= 0) {
                        return;
                    }
                    request.setLength(0);
                }
            }
        } catch (IOException e) {
            // The proxy has what it wanted.
        }
    }
}
