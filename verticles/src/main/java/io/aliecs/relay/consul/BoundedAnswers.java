package io.aliecs.relay.consul;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientBuilder;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpClientConnectionInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.VertxWrapper;

/**
 * The Vert.x that Consul's client is made with. That client collects an answer whole, however long
 * it is; here a connection is ended that brings more for one request than Consul ever sends.
 */
final class BoundedAnswers extends VertxWrapper {

  /** Two values of 512 KiB, which is Consul's limit, in base64, with room around them. */
  static final int LARGEST = 2 * 1024 * 1024;

  BoundedAnswers(Vertx vertx) {
    super((VertxInternal) vertx);
  }

  @Override
  public HttpClientBuilder httpClientBuilder() {
    return super.httpClientBuilder().withConnectHandler(BoundedAnswers::bound);
  }

  private static void bound(HttpConnection connection) {
    // A broken connection fails each request itself; Vert.x need not log it as an error.
    connection.exceptionHandler(broken -> {});
    ((HttpClientConnectionInternal) connection)
        .channelHandlerContext()
        .pipeline()
        .addFirst(new Counter());
  }

  /** Counts what comes in since the last request. */
  private static final class Counter extends ChannelDuplexHandler {
    private long received;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
        throws Exception {
      received = 0;
      super.write(context, message, promise);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for how closing went
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof ByteBuf bytes) {
        received += bytes.readableBytes();
      }
      if (received <= LARGEST) {
        context.fireChannelRead(message);
        return;
      }
      ReferenceCountUtil.release(message);
      if (context.channel().isActive()) {
        context.fireExceptionCaught(
            new ConsulException(
                ConsulException.Reason.OVERSIZED,
                "found more than "
                    + LARGEST
                    + " bytes (expected: a value of at most 512 KiB, as Consul has them)"));
        context.close();
      }
    }
  }
}
