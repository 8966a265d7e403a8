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
import java.io.File;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Makes of two PEM files what connections are encrypted with. */
final class Certificates {
    private Certificates() {}

    /**
     * Reads the files now; null without TLS.
     *
     * @throws IllegalArgumentException if they cannot be used
     */
    static @Nullable SslContext read(Listener listener) {
        Listener.Tls tls = listener.tls().orElse(null);
        if (tls == null) {
            return null;
        }
        File certificate = tls.certificate().toFile();
        File key = tls.key().toFile();
        try {
            SslContextBuilder builder =
                    SslContextBuilder.forServer(certificate, key).protocols("TLSv1.3", "TLSv1.2");
            if (listener.http2()) {
                builder.ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                        .applicationProtocolConfig(new ApplicationProtocolConfig(
                                Protocol.ALPN,
                                SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT,
                                List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1)));
            }
            return builder.build();
        } catch (SSLException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "listener " + listener.name() + ": cannot use " + certificate + " with " + key + ": "
                            + e.getMessage(),
                    e);
        }
    }
}
