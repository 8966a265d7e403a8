package io.floatingip.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.TestPropertySource;

/**
 * A {@link SpringBootTest} whose floating IPs are on a simulated LAN, and in which {@link OtherNodes} can be injected, to play the other nodes
 * of that LAN. After each test method the other nodes leave, and cuts on the LAN are ended.
 *
 * <pre>{@code
 * @FloatingIpTest
 * class InvoicesTest {
 *     @Autowired FloatingIp vip;
 *     @Autowired OtherNodes others;
 *
 *     @Test
 *     void stopsSendingWhenABetterNodeComes() throws InterruptedException {
 *         assertThat(vip.awaitRole(Role.MASTER, Duration.ofSeconds(10))).isTrue();
 *         others.join(200);
 *         assertThat(vip.awaitRole(Role.BACKUP, Duration.ofSeconds(10))).isTrue();
 *         …
 *     }
 * }
 * }</pre>
 *
 * <p>Time is real. A short {@code floatingip.advert-interval}, such as 100ms, among the properties makes a take-over take a third of a second.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@SpringBootTest
@TestPropertySource(properties = "floatingip.network=simulated")
@Import(FloatingIpTestConfiguration.class)
@ExtendWith(OthersLeave.class)
public @interface FloatingIpTest {
    /** Properties as {@code name=value}; as in {@link SpringBootTest#properties()}. */
    @AliasFor(annotation = SpringBootTest.class)
    String[] properties() default {};

    /** As in {@link SpringBootTest#classes()}. */
    @AliasFor(annotation = SpringBootTest.class)
    Class<?>[] classes() default {};

    /** As in {@link SpringBootTest#webEnvironment()}. */
    @AliasFor(annotation = SpringBootTest.class)
    SpringBootTest.WebEnvironment webEnvironment() default SpringBootTest.WebEnvironment.MOCK;
}
