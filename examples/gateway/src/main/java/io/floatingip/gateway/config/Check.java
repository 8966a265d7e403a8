package io.floatingip.gateway.config;

import io.floatingip.health.HealthCheck;
import io.floatingip.health.HealthChecks;
import io.floatingip.health.HttpHealthCheck;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How it is found out whether an upstream works. */
public sealed interface Check {
    Timing timing();

    /** The library's check that does it; may be called again and again. */
    HealthCheck health();

    /**
     * When a check runs, and what its results mean.
     *
     * @param interval from the beginning of one run to the beginning of the next (keepalived: delay_loop)
     * @param timeout of one try
     * @param retries how often a failed try is repeated before it counts as a failure
     * @param delayBeforeRetry before each
     * @param rise how many successes in a row bring an upstream back, at least 1
     * @param fall how many failures in a row take it out, at least 1
     * @param failedAtFirst whether the upstream is out until the first success (keepalived: alpha); otherwise until the first result it is in
     */
    record Timing(
            Duration interval,
            Duration timeout,
            int retries,
            Duration delayBeforeRetry,
            int rise,
            int fall,
            boolean failedAtFirst) {}

    /** A connection can be made. */
    record Tcp(InetSocketAddress target, Timing timing) implements Check {
        @Override
        public HealthCheck health() {
            return HealthChecks.tcp(target.getAddress().getHostAddress(), target.getPort());
        }
    }

    /**
     * Each page answers as wanted.
     *
     * @param tls HTTPS
     * @param trust the certificates to trust, PEM; empty trusts whoever answers, as keepalived does
     * @param host of the Host header and the server name indication; empty for the target's address
     */
    record Http(
            InetSocketAddress target,
            boolean tls,
            Optional<Path> trust,
            Optional<String> host,
            List<Page> pages,
            Timing timing)
            implements Check {
        public Http {
            pages = List.copyOf(pages);
        }

        @Override
        public HealthCheck health() {
            return HealthChecks.all(pages.stream().map(this::health).toArray(HealthCheck[]::new));
        }

        private HealthCheck health(Page page) {
            String address = target.getAddress().getHostAddress();
            String authority = address.contains(":") ? "[" + address + "]" : address;
            HttpHealthCheck check = HealthChecks.http(
                            (tls ? "https://" : "http://") + authority + ":" + target.getPort() + page.path())
                    .status(page.statusMin(), page.statusMax());
            if (tls) {
                check = trust.isPresent() ? check.trust(trust.get()) : check.trustAnything();
            }
            if (page.host().or(() -> host).isPresent()) {
                check = check.virtualHost(page.host().or(() -> host).get());
            }
            if (page.regex().isPresent()) {
                check = check.bodyMatches(page.regex().get());
            }
            if (page.digest().isPresent()) {
                String digest = page.digest().get();
                check = digest.length() == 32 ? check.bodyMd5(digest) : check.bodySha256(digest);
            }
            return check;
        }
    }

    /**
     * What to ask for, and what to expect.
     *
     * @param path with its query, beginning with a slash
     * @param host instead of the check's
     * @param statusMin both included
     * @param digest of the body in hexadecimal: MD5 with 32 digits, SHA-256 with 64
     * @param regex to be found in the body
     */
    record Page(
            String path,
            Optional<String> host,
            int statusMin,
            int statusMax,
            Optional<String> digest,
            Optional<String> regex) {}

    /**
     * A program ends with exit code 0.
     *
     * @param command the program and its arguments; no shell reads them
     */
    record Command(List<String> command, Timing timing) implements Check {
        public Command {
            command = List.copyOf(command);
        }

        @Override
        public HealthCheck health() {
            return HealthChecks.command(
                    command.get(0), command.subList(1, command.size()).toArray(String[]::new));
        }
    }
}
