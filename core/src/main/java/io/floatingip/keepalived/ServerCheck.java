package io.floatingip.keepalived;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A check of a {@link RealServer}; all of a server's checks have to succeed. */
public sealed interface ServerCheck {
    Timing timing();

    /**
     * When a check runs, every default resolved.
     *
     * @param retries how often a failed check is repeated before it counts
     * @param warmup the first check waits for a random time up to this
     * @param failedAtFirst whether the server counts as failed until the first success
     */
    record Timing(
            Duration interval,
            Duration connectTimeout,
            int retries,
            Duration delayBeforeRetry,
            Duration warmup,
            boolean failedAtFirst) {}

    /**
     * Where a check connects to.
     *
     * @param endpoint the real server's own unless the check names another
     * @param mark for the packets, 0 for none
     */
    record Target(
            VirtualServer.Endpoint endpoint,
            Optional<InetAddress> from,
            Optional<String> fromInterface,
            int fromPort,
            long mark) {}

    /** {@code TCP_CHECK}: a connection can be made. */
    record Tcp(Target target, Timing timing) implements ServerCheck {}

    /**
     * {@code HTTP_GET} and {@code SSL_GET}: each URL answers as wanted.
     *
     * @param protocol 1.0, 1.0C or 1.1
     * @param serverName whether TLS tells the host's name (SNI)
     * @param fastRecovery whether all URLs are asked at once when a server comes back
     */
    record Http(
            Target target,
            Timing timing,
            boolean tls,
            boolean serverName,
            String protocol,
            boolean fastRecovery,
            List<Url> urls)
            implements ServerCheck {
        public Http {
            urls = List.copyOf(urls);
        }
    }

    /**
     * What to ask a web server for, and what to expect.
     *
     * @param digest MD5 of the body in hexadecimal
     * @param statusCodes any of these is good; empty means 200 to 299
     * @param virtualHost the check's own, or the server's default
     * @param regex to be found in the body
     * @param noMatch whether finding it is a failure
     */
    record Url(
            String path,
            Optional<String> digest,
            List<StatusRange> statusCodes,
            Optional<String> virtualHost,
            Optional<String> regex,
            boolean noMatch,
            List<String> regexOptions) {
        public Url {
            statusCodes = List.copyOf(statusCodes);
            regexOptions = List.copyOf(regexOptions);
        }
    }

    /** Status codes from one to another. */
    record StatusRange(int from, int to) {}

    /** {@code SMTP_CHECK}: a mail server greets. */
    record Smtp(Target target, Timing timing, Optional<String> helloName) implements ServerCheck {}

    /** {@code DNS_CHECK}: a name server answers. */
    record Dns(Target target, Timing timing, String type, String name) implements ServerCheck {}

    /** {@code PING_CHECK}: the host answers an echo request. */
    record Ping(Target target, Timing timing) implements ServerCheck {}

    /**
     * {@code UDP_CHECK}: no ICMP error comes back, and the reply is as wanted.
     *
     * @param payload in hexadecimal digits
     * @param reply digits, x for any; present and empty: any reply
     */
    record Udp(
            Target target, Timing timing, Optional<String> payload, Optional<String> reply, int replyMin, int replyMax)
            implements ServerCheck {}

    /**
     * {@code MISC_CHECK}: a program ends with exit code 0.
     *
     * @param timeout empty for the interval
     * @param dynamicWeight whether exit codes from 2 on set the weight
     */
    record Misc(Timing timing, ScriptCall script, Optional<Duration> timeout, boolean dynamicWeight)
            implements ServerCheck {}

    /** {@code FILE_CHECK}: the number in a tracked file is not below the threshold, or sets the weight. */
    record File(Timing timing, String trackFile, boolean dynamicWeight, OptionalInt weight, boolean reversed)
            implements ServerCheck {}

    /** {@code BFD_CHECK}: a BFD session is up. */
    record Bfd(Timing timing, String session) implements ServerCheck {}
}
