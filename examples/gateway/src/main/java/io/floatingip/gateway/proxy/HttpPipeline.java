package io.floatingip.gateway.proxy;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.util.List;

/** The handlers of a client's HTTP/1 connection. */
final class HttpPipeline {
    static final String DECODER = "decoder";
    static final String ENCODER = "encoder";
    static final String EXCHANGE = "exchange";
    static final String CODEC = "codec";
    static final String LINK = "link";
    /** On either side, those first who must not see what the others have read ahead. */
    static final List<String> NAMES = List.of(EXCHANGE, LINK, DECODER, ENCODER, CODEC);

    private HttpPipeline() {}

    static void http1(Channel channel, Front front, Loop loop) {
        HttpExchange exchange = new HttpExchange(front, loop, false);
        channel.pipeline()
                .addLast(
                        DECODER,
                        new StrictRequestDecoder(front.settings().limits().headerMax(), exchange::bytesArrived))
                .addLast(ENCODER, new Encoder(exchange))
                .addLast(EXCHANGE, exchange);
    }

    private static final class Encoder extends HttpResponseEncoder {
        private final HttpExchange exchange;

        Encoder(HttpExchange exchange) {
            this.exchange = exchange;
        }

        @Override
        protected boolean isContentAlwaysEmpty(HttpResponse response) {
            return exchange.isHead() || super.isContentAlwaysEmpty(response);
        }
    }
}
