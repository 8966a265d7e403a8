package io.floatingip.example;

import io.floatingip.FloatingIp;
import io.floatingip.FloatingIpStatus;
import io.floatingip.RoleChange;
import io.floatingip.spring.OnBackup;
import io.floatingip.spring.OnFault;
import io.floatingip.spring.OnMaster;
import java.time.Instant;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A page that shows which node answers for the floating address, and what this node has been. */
@SpringBootApplication
@RestController
public class Application {
    private static final int SHOWN = 10;

    private final FloatingIp vip;
    private final String node;
    private final Deque<RoleChange> changes = new ConcurrentLinkedDeque<>();

    public Application(FloatingIp vip, @Value("${node}") String node) {
        this.vip = vip;
        this.node = node;
    }

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    /** For programs: the name of this node. */
    @GetMapping(path = "/where", produces = MediaType.TEXT_PLAIN_VALUE)
    public String where() {
        return node;
    }

    @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
    public String page() {
        FloatingIpStatus status = vip.status();
        String history = changes.stream()
                .map(change -> "<li>" + change.at() + " " + escaped(change.toString()) + "</li>")
                .collect(Collectors.joining("\n"));
        return """
                <!doctype html>
                <html lang="en">
                <head><meta charset="utf-8"><meta http-equiv="refresh" content="1"><title>%1$s</title></head>
                <body style="font-family: sans-serif; margin: 3em">
                <h1>This is node %1$s: %2$s</h1>
                <p>%3$s, priority %4$d, at %5$s</p>
                <ul>%6$s</ul>
                </body>
                </html>
                """.formatted(
                escaped(node), status.role(), escaped(vip.name()), status.effectivePriority(), Instant.now(), history);
    }

    @OnMaster
    @OnBackup
    @OnFault
    void changed(RoleChange change) {
        changes.addFirst(change);
        while (changes.size() > SHOWN) {
            changes.removeLast();
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
