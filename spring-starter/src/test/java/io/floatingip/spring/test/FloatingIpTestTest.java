package io.floatingip.spring.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.floatingip.FloatingIp;
import io.floatingip.Reason;
import io.floatingip.Role;
import io.floatingip.spring.test.OtherNodes.OtherNode;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** What an application's test can do; the application below it is an empty one. */
@FloatingIpTest(
        properties = {
            "floatingip.name=web",
            "floatingip.interface=eth0",
            "floatingip.virtual-router-id=52",
            "floatingip.addresses=10.0.0.10/24",
            "floatingip.advert-interval=20ms"
        })
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FloatingIpTestTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Autowired
    FloatingIp vip;

    @Test
    void theApplicationIsMasterUntilABetterNodeComesAndAgainWhenItLeaves(@Autowired OtherNodes others)
            throws InterruptedException {
        assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
        OtherNode better = others.join(200);
        assertThat(vip.awaitRole(Role.BACKUP, SOON)).isTrue();
        assertThat(better.floatingIp().awaitRole(Role.MASTER, SOON)).isTrue();
        assertThat(better.holds("10.0.0.10")).isTrue();

        better.leave();
        assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
        assertThat(vip.status().lastChange())
                .hasValueSatisfying(change -> assertThat(change.reason()).isEqualTo(Reason.MASTER_LEFT));
        assertThat(better.holds("10.0.0.10")).isFalse();
    }

    @Test
    @Order(1)
    void aNodeThatFallsSilentIsReplaced(@Autowired OtherNodes others) throws InterruptedException {
        assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
        OtherNode better = others.join("web", 200);
        assertThat(vip.awaitRole(Role.BACKUP, SOON)).isTrue();
        better.cut();
        assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
        assertThat(vip.status().lastChange())
                .hasValueSatisfying(change -> assertThat(change.reason()).isEqualTo(Reason.MASTER_SILENT));
        better.heal();
        assertThat(vip.awaitRole(Role.BACKUP, SOON)).isTrue();
    }

    @Test
    @Order(2)
    void theNodesOfTheLastTestHaveLeft() throws InterruptedException {
        assertThat(vip.awaitRole(Role.MASTER, SOON)).isTrue();
    }

    @Test
    void moreNodesMayComeAndGoThanANetworkHasAddresses(@Autowired OtherNodes others) {
        for (int test = 0; test < 160; test++) {
            assertThat(others.join(50).floatingIp().role()).isNotEqualTo(Role.MASTER);
            others.close();
        }
    }

    @Test
    void saysWhichFloatingIpsThereAre(@Autowired OtherNodes others) {
        assertThatThrownBy(() -> others.join("mail", 200))
                .hasMessage("the application has no floating IP \"mail\", only [web]");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
