package io.floatingip.gateway.proxy;

import io.floatingip.gateway.config.Listener;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A listener's two PEM files as they were when they were read, and what its connections are encrypted with.
 *
 * @param notAfter of the server's own certificate
 */
record Certificates(Listener listener, SslContext context, Instant notAfter, List<Stamp> files) {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /** By what a changed file is known. */
    record Stamp(FileTime modified, long size) {
        private static Stamp of(Path file) throws IOException {
            return new Stamp(Files.getLastModifiedTime(file), Files.size(file));
        }
    }

    /**
     * Reads the files now; null without TLS.
     *
     * @throws IllegalArgumentException if they cannot be used
     */
    static @Nullable Certificates read(Listener listener) {
        Listener.Tls tls = listener.tls().orElse(null);
        if (tls == null) {
            return null;
        }
        try {
            // First: what changes while they are read is read again.
            List<Stamp> files = stamps(tls);
            X509Certificate[] chain = chain(tls.certificate());
            PrivateKey key = key(tls.key(), chain[0].getPublicKey());
            SslContextBuilder builder = SslContextBuilder.forServer(key, chain).protocols("TLSv1.3", "TLSv1.2");
            if (listener.http2()) {
                builder.ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                        .applicationProtocolConfig(new ApplicationProtocolConfig(
                                Protocol.ALPN,
                                SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT,
                                List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1)));
            }
            return new Certificates(
                    listener, builder.build(), chain[0].getNotAfter().toInstant(), files);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "listener " + listener.name() + ": cannot use " + tls.certificate() + " with " + tls.key() + ": "
                            + (e instanceof GeneralSecurityException ? e.getMessage() : e),
                    e);
        }
    }

    private static List<Stamp> stamps(Listener.Tls tls) throws IOException {
        return List.of(Stamp.of(tls.certificate()), Stamp.of(tls.key()));
    }

    /** Whether the files are not those that were read. */
    boolean isOutdated() {
        try {
            return !files.equals(stamps(listener.tls().orElseThrow()));
        } catch (IOException e) {
            return true;
        }
    }

    private static X509Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
        X509Certificate[] chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
                .toArray(X509Certificate[]::new);
        if (chain.length == 0) {
            throw new GeneralSecurityException("there is no certificate in " + file);
        }
        return chain;
    }

    /** The JDK would take the key of another certificate as well, and fail with every handshake. */
    private static PrivateKey key(Path file, PublicKey counterpart) throws IOException, GeneralSecurityException {
        Matcher pem = KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        if (!pem.find()) {
            throw new GeneralSecurityException("there is no PKCS #8 key in " + file);
        }
        String algorithm = counterpart.getAlgorithm();
        PrivateKey key = KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1))));
        Signature signature = Signature.getInstance(
                switch (algorithm) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> algorithm;
                });
        byte[] anything = {1, 2, 3};
        signature.initSign(key);
        signature.update(anything);
        byte[] signed = signature.sign();
        signature.initVerify(counterpart);
        signature.update(anything);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("the key is that of another certificate");
        }
        return key;
    }
}
