package io.floatingip.lab;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Spring Boot example on two hosts: the active application is restarted under a client that asks for its page every 5 ms. */
public final class SpringDemo {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long STARTED_AT = System.nanoTime();

    private SpringDemo() {}

    public static void main(String[] args) {
        Lan lan = Lan.open();
        Runtime.getRuntime().addShutdownHook(new Thread(lan::close, "lab-close"));
        int status = 0;
        try {
            run(lan);
        } catch (IllegalStateException e) {
            System.out.println("\nThe address did not move as it should: " + e.getMessage());
            status = 1;
        }
        System.exit(status);
    }

    private static void run(Lan lan) {
        Host a = lan.host("a");
        Host b = lan.host("b");
        Host clientHost = lan.host("client");
        say("a and b start the application, priorities 200 and 100");
        Running first = SpringApp.start(a, 200);
        SpringApp.start(b, 100).awaitLine("-> BACKUP", PATIENCE);
        first.awaitLine("-> MASTER", PATIENCE);
        Running client = SpringApp.ask(clientHost, "/where");
        client.awaitLine("^\\d+ a$", PATIENCE);
        say("the client is answered by a; the page says: " + page(clientHost));

        say("a is restarted (SIGTERM)");
        first.terminate();
        client.awaitLine("^\\d+ b$", PATIENCE);
        say("the client is answered by b; the page says: " + page(clientHost));
        first.awaitExit(PATIENCE);
        say("a has ended, and starts again");
        int said = client.lines().size();
        SpringApp.start(a, 200);
        client.awaitLine("^\\d+ a$", PATIENCE, said);
        say("the client is answered by a; the page says: " + page(clientHost));

        client.say("stop");
        String asked = client.awaitLine("^asked ", PATIENCE).text();
        long lost = client.lines().stream()
                .filter(line -> line.text().contains("lost"))
                .count();
        say(asked.replace("asked", "requests:") + ", lost " + lost);
    }

    private static String page(Host client) {
        Running browser = SpringApp.ask(client, "/");
        String text = browser.awaitLine("<h1>", PATIENCE).text();
        browser.close();
        Matcher heading = Pattern.compile("<h1>(.*)</h1>").matcher(text);
        return heading.find() ? heading.group(1) : text;
    }

    private static void say(String what) {
        System.out.printf(Locale.ROOT, "%8.3f s  %s%n", (System.nanoTime() - STARTED_AT) / 1e9, what);
    }
}
