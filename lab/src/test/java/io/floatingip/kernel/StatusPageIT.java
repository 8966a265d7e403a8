package io.floatingip.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.floatingip.lab.Browser;
import io.floatingip.lab.Host;
import io.floatingip.lab.Lan;
import io.floatingip.lab.Load;
import io.floatingip.lab.Node;
import io.floatingip.lab.Web;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The gateway's status page in a browser on the node itself: it shows what happens while it happens, without being loaded again. */
@Tag("kernel")
@Tag("once")
@Tag("chromium")
class StatusPageIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String TOKEN = "a-token-for-this-test";

    @Test
    void showsATakeoverAndHandsOverToWhoKnowsTheToken() throws IOException {
        try (Lan lan = Lan.open()) {
            Host a = lan.host("a");
            Host b = lan.host("b");
            Host servers = lan.host("servers");
            Web.start(servers, 8081, "web-1");
            Web.start(servers, 8082, "web-2");
            Node first = gateway(lan, a, 150);
            a.awaitHolds("10.99.0.66", true, SOON);
            Node second = gateway(lan, b, 100).awaitRole("BACKUP", SOON);
            try (Browser browser = Browser.start(b)) {
                browser.open("http://127.0.0.1:9080/").size(1200, 900, false);
                browser.await(
                        "document.querySelector('#headline').textContent === 'Backup, " + a.ipv4() + " is master'",
                        SOON);
                assertThat(browser.ask("document.querySelector('#ips').innerText"))
                        .contains("10.99.0.66/32")
                        .contains("backup")
                        .contains(a.ipv4() + ", priority 150")
                        .contains("packet filter");
                assertThat(browser.ask("document.querySelector('#services').innerText"))
                        .containsSubsequence(servers.ipv4() + ":8081", "alive", ":8082", "alive", ":8083", "down");
                browser.ask("window.notLoadedAgain = 'yes'");

                first.process().kill();
                browser.await("document.querySelector('#headline').textContent === 'Master of 10.99.0.66/32'", SOON);
                assertThat(browser.ask("document.querySelector('#changes li').innerText"))
                        .contains("BACKUP → MASTER")
                        .contains("no advert from " + a.ipv4());
                assertThat(browser.ask("window.notLoadedAgain")).isEqualTo("yes");
                assertThat(browser.ask("document.querySelector('#live').textContent"))
                        .isEqualTo("Live");

                assertThat(browser.ask("document.querySelector('#hand-over').hidden"))
                        .isEqualTo("false");
                assertThat(browser.ask(
                                "(show({...last, handOver: false}), document.querySelector('#hand-over').hidden)"))
                        .as("without a token there is no button")
                        .isEqualTo("true");

                Load load = Load.start(lan.host("client"), "10.99.0.66", 80, 50);
                load.awaitAnswerSince(System.nanoTime());
                browser.await("document.querySelector('#traffic dd').textContent > 0", SOON);

                Node third = gateway(lan, a, 90).awaitRole("BACKUP", SOON);
                handOver(browser, "a-guess-at-the-token");
                browser.await("document.querySelector('#answer').textContent.trim() === 'wrong token'", SOON);
                assertThat(third.changes()).extracting(Node.RoleLine::to).doesNotContain("MASTER");
                browser.ask("document.querySelector('#cancel').click()");
                assertFits(browser, "desk", 1200, 900, false);
                assertFits(browser, "phone", 390, 844, true);
                handOver(browser, TOKEN);
                third.awaitRole("MASTER", SOON);
                browser.await(
                        "document.querySelector('#headline').textContent === 'Backup, " + a.ipv4() + " is master'",
                        SOON);
                assertThat(second.changes())
                        .last()
                        .extracting(Node.RoleLine::reason)
                        .isEqualTo("HANDED_OVER");
                assertThat(load.stop().answered()).isPositive();
            }
        }
    }

    private static void handOver(Browser browser, String token) {
        browser.ask("document.querySelector('#hand-over').click()");
        browser.ask("document.querySelector('#token').value = '" + token + "'");
        browser.ask("document.querySelector('#form').requestSubmit()");
    }

    /** Nothing has to be scrolled sideways. The picture is kept beside the reports, for people. */
    private static void assertFits(Browser browser, String name, int width, int height, boolean phone)
            throws IOException {
        browser.size(width, height, phone);
        assertThat(browser.ask("document.documentElement.scrollWidth")).isEqualTo(Integer.toString(width));
        Path picture = Path.of("target", "status-page-" + name + ".png");
        Files.write(picture, browser.screenshot());
        System.out.println("status page at " + width + " pixels: " + picture.toAbsolutePath());
    }

    private static Node gateway(Lan lan, Host host, int priority) throws IOException {
        Path file = lan.directory().resolve("gateway-" + host.name() + ".yaml");
        Files.writeString(file, """
                floating-ip:
                  interface: eth0
                  virtual-router-id: 52
                  priority: %d
                  address: 10.99.0.66/32
                  advert-interval: 500ms
                listeners:
                  - address: 10.99.0.66:80
                services:
                  web:
                    check: {tcp: true, interval: 500ms, fall: 1}
                    upstreams: [10.99.0.3:8081, 10.99.0.3:8082, 10.99.0.3:8083]
                status: {token: %s}
                """.formatted(priority, TOKEN));
        return Node.gateway(host, file, change -> {});
    }
}
