package io.floatingip.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * nginx as a reverse proxy for HTTP, as it is commonly set up: kept connections to its upstreams, no log of requests.
 *
 * @param listen addresses and ports, which need not be there
 * @param workers a single one is the process itself, so that nothing outlives it however it ends
 */
public record Nginx(List<String> listen, List<String> upstreams, int workers) {
    /** Starts a web server with files of these names and sizes in a host, to stand behind a proxy. */
    public static Running serve(Lan lan, Host host, int port, Map<String, Integer> files) {
        Path directory = lan.directory().resolve("files-" + host.name());
        try {
            Files.createDirectories(directory);
            for (Map.Entry<String, Integer> file : files.entrySet()) {
                Files.write(directory.resolve(file.getKey()), new byte[file.getValue()]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + directory, e);
        }
        return start(lan, host, "root " + directory + ";", "listen " + port + " backlog=4096;", "location / {}", 1);
    }

    /** Starts it in the foreground; SIGQUIT ends it when requests have finished, SIGTERM at once. */
    public Running start(Lan lan, Host host) {
        return start(
                lan,
                host,
                "upstream web { " + lines(upstreams, "server %s;") + " keepalive 64; }",
                lines(listen, "listen %s backlog=4096;"),
                """
                location / {
                            proxy_pass http://web;
                            proxy_http_version 1.1;
                            proxy_set_header Connection "";
                            proxy_set_header Host $host;
                            proxy_set_header X-Real-IP $remote_addr;
                            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                            proxy_set_header X-Forwarded-Proto $scheme;
                            proxy_set_header X-Forwarded-Host $http_host;
                        }""",
                workers);
    }

    private static String lines(List<String> values, String pattern) {
        return values.stream().map(pattern::formatted).collect(Collectors.joining(" "));
    }

    private static Running start(Lan lan, Host host, String http, String listen, String locations, int workers) {
        Path directory = lan.directory().resolve("nginx-" + host.name());
        Path config = directory.resolve("nginx.conf");
        try {
            Files.createDirectories(directory);
            Files.writeString(config, """
                    daemon off;
                    user root;
                    master_process %s;
                    worker_processes %d;
                    pid nginx.pid;
                    error_log stderr warn;
                    events { worker_connections 8192; }
                    http {
                        access_log off;
                        client_body_temp_path body;
                        proxy_temp_path proxy;
                        fastcgi_temp_path fastcgi;
                        uwsgi_temp_path uwsgi;
                        scgi_temp_path scgi;
                        keepalive_requests 1000000000;
                        sendfile on;
                        %s
                        server {
                            %s
                            %s
                        }
                    }
                    """.formatted(workers == 1 ? "off" : "on", workers, http, listen, locations));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + config, e);
        }
        // Its paths begin there.
        Running nginx = host.start("nginx", List.of("nginx", "-p", directory.toString(), "-c", config.toString()));
        Lan.await(
                Duration.ofSeconds(10),
                () -> Files.exists(directory.resolve("nginx.pid")),
                () -> "nginx did not start\n" + nginx.tail());
        return nginx;
    }
}
