package io.floatingip.internal.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Self-signed certificates, made by the JDK's keytool. */
public final class Certificates {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private final Path directory;

    public Certificates(Path directory) {
        this.directory = directory;
    }

    /** A certificate with its key. */
    public final class Identity {
        private final String name;
        private final KeyStore store;

        private Identity(String name, KeyStore store) {
            this.name = name;
            this.store = store;
        }

        Path certificatePem() throws Exception {
            return pem("CERTIFICATE", "crt", store.getCertificate("self").getEncoded());
        }

        Path keyPem() throws Exception {
            return pem("PRIVATE KEY", "key", store.getKey("self", PASSWORD).getEncoded());
        }

        private Path pem(String label, String suffix, byte[] der) throws IOException {
            String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
            return Files.writeString(
                    directory.resolve(name + "." + suffix),
                    "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
        }

        /** What a server with this identity uses; it demands a certificate from clients if it is to know one. */
        public SSLContext server(Identity... clients) throws Exception {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            KeyStore known = KeyStore.getInstance("PKCS12");
            known.load(null, null);
            for (Identity client : clients) {
                known.setCertificateEntry(client.name, client.store.getCertificate("self"));
            }
            trust.init(known);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), clients.length == 0 ? null : trust.getTrustManagers(), null);
            return context;
        }
    }

    public Identity selfSigned(String name, String alternativeNames, String... more)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = directory.resolve(name + ".p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "self",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString(),
                "-dname",
                "CN=" + name,
                "-ext",
                "san=" + alternativeNames));
        command.addAll(List.of(more));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS) ? keytool.exitValue() : -1)
                .as(said)
                .isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return new Identity(name, store);
    }
}
