package io.floatingip.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * nginx as a reverse proxy for HTTP, as it is commonly set up: kept connections to its upstreams, no log of requests.
 *
 * @param listen addresses and ports, which need not be there
 */
public record Nginx(List<String> listen, List<String> upstreams, int workers) {
    /** Starts it in the foreground; SIGQUIT ends it when requests have finished, SIGTERM at once. */
    public Running start(Lan lan, Host host) {
        Path directory = lan.directory().resolve("nginx-" + host.name());
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("nginx.conf"), config(directory));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + directory, e);
        }
        Running nginx = host.start(
                "nginx",
                List.of(
                        "nginx",
                        "-p",
                        directory.toString(),
                        "-c",
                        directory.resolve("nginx.conf").toString()));
        Lan.await(
                Duration.ofSeconds(10),
                () -> Files.exists(directory.resolve("nginx.pid")),
                () -> "nginx did not start\n" + nginx.tail());
        return nginx;
    }

    private String config(Path directory) {
        return """
                daemon off;
                user root;
                worker_processes %d;
                pid %s/nginx.pid;
                error_log stderr warn;
                events { worker_connections 8192; }
                http {
                    access_log off;
                    client_body_temp_path %s/body;
                    proxy_temp_path %s/proxy;
                    fastcgi_temp_path %s/fastcgi;
                    uwsgi_temp_path %s/uwsgi;
                    scgi_temp_path %s/scgi;
                    keepalive_requests 1000000;
                    upstream web {
                        %s
                        keepalive 64;
                    }
                    server {
                        %s
                        location / {
                            proxy_pass http://web;
                            proxy_http_version 1.1;
                            proxy_set_header Connection "";
                            proxy_set_header Host $host;
                            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        }
                    }
                }
                """.formatted(
                workers,
                directory,
                directory,
                directory,
                directory,
                directory,
                directory,
                upstreams.stream().map(u -> "server " + u + ";").collect(Collectors.joining("\n        ")),
                listen.stream().map(l -> "listen " + l + " backlog=4096;").collect(Collectors.joining("\n        ")));
    }
}
