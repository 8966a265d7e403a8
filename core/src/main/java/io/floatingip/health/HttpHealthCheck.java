package io.floatingip.health;

import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/**
 * Asks URLs one after the other and looks at the answers; see {@link HealthChecks#http}. Immutable, each method returns a changed copy. Redirects
 * are not followed: where one is right, say {@code status(302)}. HTTP/1.1, a connection for each request, no proxy.
 */
public interface HttpHealthCheck extends HealthCheck {
    /** Instead of GET. */
    HttpHealthCheck method(String name);

    /** What the {@code Host} header, the server name indication and the expected certificate name say, instead of the URL's host. */
    HttpHealthCheck virtualHost(String name);

    /** A header to send, {@code Authorization} for example. */
    HttpHealthCheck header(String name, String value);

    /** The one status that is wanted, instead of 200 to 299. */
    HttpHealthCheck status(int wanted);

    /** The statuses that are wanted, both included. */
    HttpHealthCheck status(int from, int to);

    /**
     * A regular expression that is to be found in the body, read as UTF-8; one that takes too long is a failure at the timeout.
     *
     * @throws java.util.regex.PatternSyntaxException if it is none
     */
    HttpHealthCheck bodyMatches(String regularExpression);

    /** The MD5 of the body in hexadecimal, as keepalived's {@code genhash} prints it. */
    HttpHealthCheck bodyMd5(String digest);

    /** The SHA-256 of the body in hexadecimal. */
    HttpHealthCheck bodySha256(String digest);

    /** How long a body may be that has to be looked at, 1 byte to 1 GiB; a longer one is a failure. Default 1 MiB. */
    HttpHealthCheck bodyMax(int bytes);

    /**
     * The certificates to trust instead of the JVM's: authorities or the server's own, one after the other in a PEM file, read now. Names and
     * dates are checked all the same.
     */
    HttpHealthCheck trust(Path pem);

    /** Trusts whoever answers, as keepalived does: no certificate, name or date is checked. */
    HttpHealthCheck trustAnything();

    /** What to show a server that asks for a certificate: a chain and its unencrypted PKCS #8 key, both as PEM files, read now. */
    HttpHealthCheck clientCertificate(Path chain, Path key);

    /**
     * Takes trust and keys from this instead; names are checked all the same.
     *
     * @throws IllegalArgumentException together with {@link #trust}, {@link #trustAnything} or {@link #clientCertificate}, in any order
     */
    HttpHealthCheck sslContext(SSLContext context);
}
