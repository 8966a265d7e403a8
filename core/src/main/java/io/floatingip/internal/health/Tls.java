package io.floatingip.internal.health;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Whom to trust, and what to show. */
record Tls(
        List<Certificate> trusted,
        boolean anything,
        List<Certificate> chain,
        @Nullable PrivateKey key,
        @Nullable SSLContext given) {
    static final Tls DEFAULT = new Tls(List.of(), false, List.of(), null, null);
    private static final char[] NO_PASSWORD = {};

    Tls trusting(Path pem) {
        requireNoContext();
        return new Tls(certificates(pem), false, chain, key, given);
    }

    Tls trustingAnything() {
        requireNoContext();
        return new Tls(List.of(), true, chain, key, given);
    }

    Tls showing(Path chainPem, Path keyPem) {
        requireNoContext();
        return new Tls(trusted, anything, certificates(chainPem), key(keyPem), given);
    }

    Tls from(SSLContext context) {
        if (anything || !trusted.isEmpty() || key != null) {
            throw oneOrTheOther();
        }
        return new Tls(trusted, anything, chain, key, context);
    }

    private void requireNoContext() {
        if (given != null) {
            throw oneOrTheOther();
        }
    }

    private static IllegalArgumentException oneOrTheOther() {
        return new IllegalArgumentException(
                "sslContext(...) brings its own trust and keys: give either it, or trust(...), trustAnything() and"
                        + " clientCertificate(...)");
    }

    /** A context of our own: nothing that the application's connections have agreed on is reused, or disturbed. */
    SSLContext context() {
        if (given != null) {
            return given;
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(), trustManagers(), null);
            context.getClientSessionContext().setSessionCacheSize(1);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("the certificates cannot be used for TLS: " + e.getMessage(), e);
        }
    }

    private KeyManager @Nullable [] keyManagers() throws GeneralSecurityException, IOException {
        if (key == null) {
            return null;
        }
        KeyStore store = emptyStore();
        store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private TrustManager @Nullable [] trustManagers() throws GeneralSecurityException, IOException {
        if (anything) {
            return new TrustManager[] {new TrustAnything()};
        }
        if (trusted.isEmpty()) {
            return null;
        }
        KeyStore store = emptyStore();
        for (int i = 0; i < trusted.size(); i++) {
            store.setCertificateEntry("trusted-" + i, trusted.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return new TrustManager[] {new InTime(extended)};
            }
        }
        throw new GeneralSecurityException("no trust manager for X.509 certificates");
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static List<Certificate> certificates(Path pem) {
        try (InputStream in = Files.newInputStream(pem)) {
            List<Certificate> found =
                    List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
            if (found.isEmpty()) {
                throw new IllegalArgumentException(pem + " holds no certificate");
            }
            return found;
        } catch (IOException | CertificateException e) {
            throw new IllegalArgumentException("cannot read certificates from " + pem + ": " + e.getMessage(), e);
        }
    }

    private static PrivateKey key(Path pem) {
        try {
            String text = Files.readString(pem, StandardCharsets.US_ASCII);
            int begin = text.indexOf("-----BEGIN PRIVATE KEY-----");
            int end = text.indexOf("-----END PRIVATE KEY-----");
            if (begin < 0 || end < begin) {
                throw new IllegalArgumentException(
                        pem
                                + " holds no unencrypted PKCS #8 key; convert it with: openssl pkcs8 -topk8 -nocrypt -in old.pem -out new.pem");
            }
            PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(
                    Base64.getMimeDecoder().decode(text.substring(text.indexOf('\n', begin), end)));
            for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePrivate(spec);
                } catch (InvalidKeySpecException e) {
                    // Another algorithm's key.
                }
            }
            throw new IllegalArgumentException(pem + " holds a key that is neither RSA, EC nor EdDSA");
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("cannot read a key from " + pem + ": " + e.getMessage(), e);
        }
    }

    /** The JDK asks nothing more of a certificate that is itself trusted, not even its dates. */
    private static final class InTime extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager trusted;

        InTime(X509ExtendedTrustManager trusted) {
            this.trusted = trusted;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String authType, SSLEngine engine)
                throws CertificateException {
            certificates[0].checkValidity();
            trusted.checkServerTrusted(certificates, authType, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String authType, Socket socket)
                throws CertificateException {
            certificates[0].checkValidity();
            trusted.checkServerTrusted(certificates, authType, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String authType) throws CertificateException {
            certificates[0].checkValidity();
            trusted.checkServerTrusted(certificates, authType);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String authType) throws CertificateException {
            throw new CertificateException("not a server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return trusted.getAcceptedIssuers();
        }
    }

    private static final class TrustAnything extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] certificates, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] certificates, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
