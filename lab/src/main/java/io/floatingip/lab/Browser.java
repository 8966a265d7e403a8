package io.floatingip.lab;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A headless Chromium in a host, driven by its DevTools protocol: one JSON message a line, over its standard input and output, so that no network
 * need lead to it. One thread.
 */
public final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    // The protocol ends its messages with a zero byte; fd 3 is what the browser reads, fd 4 what it writes.
    private static final String COMMAND = """
            mkdir -p "$0"; export TMPDIR="$0"
            stdbuf -o0 tr '\\n' '\\000' | chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
            --hide-scrollbars --force-color-profile=srgb --user-data-dir="$0" --remote-debugging-pipe 3<&0 4>&1 1>&2 </dev/null \
            | stdbuf -o0 tr '\\000' '\\n'
            """;

    private final Running process;
    private final String session;
    private int number;

    private Browser(Running process) {
        this.process = process;
        String target = text(call("", "Target.createTarget", "{\"url\":\"about:blank\"}"), "targetId");
        session = text(
                call("", "Target.attachToTarget", "{\"targetId\":\"" + target + "\",\"flatten\":true}"), "sessionId");
    }

    /** Starts it; its profile, and what it has for a moment only, is in a directory of the LAN's. */
    public static Browser start(Host host) {
        Path profile = host.lan().directory().resolve("chromium-" + host.name());
        return new Browser(host.start("chromium", List.of("sh", "-c", COMMAND, profile.toString())));
    }

    /** Opens a page and waits until it has loaded. */
    public Browser open(String url) {
        call("Page.navigate", "{\"url\":\"" + url + "\"}");
        await("document.readyState === 'complete' && location.href !== 'about:blank'", PATIENCE);
        return this;
    }

    /** As a screen of this size shows it; a phone's has two pixels for each dot. */
    public Browser size(int width, int height, boolean phone) {
        call(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":%d,\"height\":%d,\"deviceScaleFactor\":1,\"mobile\":%b}".formatted(width, height, phone));
        return this;
    }

    /** The value of an expression, as text. */
    public String ask(String expression) {
        // What comes back is Base64, so that no character of it needs to be unescaped.
        String answer = call(
                "Runtime.evaluate",
                "{\"expression\":\"btoa(unescape(encodeURIComponent(String(" + escaped(expression) + "))))\"}");
        if (answer.contains("\"exceptionDetails\"")) {
            throw new IllegalStateException(expression + " failed: " + answer);
        }
        return new String(Base64.getDecoder().decode(text(answer, "value")), StandardCharsets.UTF_8);
    }

    /** Waits until an expression is true. */
    public void await(String expression, Duration atMost) {
        Lan.await(
                atMost,
                () -> ask(expression).equals("true"),
                () -> "not true in the browser: " + expression + "; the page: " + ask("document.body.innerText"));
    }

    /** The page as it is shown, as PNG. */
    public byte[] screenshot() {
        return Base64.getDecoder().decode(text(call("Page.captureScreenshot", "{\"format\":\"png\"}"), "data"));
    }

    private String call(String method, String parameters) {
        return call(",\"sessionId\":\"" + session + "\"", method, parameters);
    }

    private String call(String extra, String method, String parameters) {
        int id = ++number;
        process.say("{\"id\":" + id + extra + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}");
        return process.awaitLine("^\\{\"id\":" + id + "[,}]", PATIENCE).text();
    }

    private static String text(String json, String key) {
        Matcher matcher = Pattern.compile("\"" + key + "\":\"([^\"]*)\"").matcher(json);
        if (!matcher.find()) {
            throw new IllegalStateException("the browser answers without " + key + ": " + json);
        }
        return matcher.group(1);
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    @Override
    public void close() {
        process.killAll();
        process.close();
    }
}
