package io.aliecs.relay.ingest;

import io.aliecs.relay.ingest.stream.IngestOptions;
import io.aliecs.relay.ingest.stream.ReaderTiming;
import io.aliecs.relay.ingest.stream.StreamConsumer;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer of AliECS's stream that is connected on a host that does not lead, for when it must.
 * For one context; what blocks is done elsewhere.
 */
final class SpareConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(SpareConsumer.class);
  private static final long AGAIN_NANOS = Duration.ofSeconds(10).toNanos();

  private final Vertx vertx;
  private final IngestOptions options;
  private final ReaderTiming timing;
  private String servers = "";
  private @Nullable StreamConsumer consumer;
  private boolean making;
  private long tried = System.nanoTime() - AGAIN_NANOS;

  SpareConsumer(Vertx vertx, IngestOptions options, ReaderTiming timing) {
    this.vertx = vertx;
    this.options = options;
    this.timing = timing;
  }

  /**
   * Sees to it that there is one for these brokers; called again and again.
   *
   * @param wanted as in {@code bootstrap.servers}; empty for none
   */
  void keep(String wanted) {
    if (!wanted.equals(servers)) {
      discard();
      servers = wanted;
    } else if (consumer == null
        && !making
        && !wanted.isEmpty()
        && System.nanoTime() - tried >= AGAIN_NANOS) {
      make(wanted);
    }
  }

  private void make(String wanted) {
    making = true;
    tried = System.nanoTime();
    vertx
        .executeBlocking(() -> connected(wanted), false)
        .onComplete(
            made -> {
              making = false;
              if (made.failed()) {
                LOG.debug("no spare consumer of {}: {}", wanted, made.cause().toString());
              } else if (wanted.equals(servers)) {
                consumer = made.result();
              } else {
                close(made.result());
              }
            });
  }

  private StreamConsumer connected(String wanted) {
    StreamConsumer made = StreamConsumer.create(wanted, options, timing);
    try {
      made.warmUp();
      return made;
    } catch (RuntimeException failed) {
      made.close();
      throw failed;
    }
  }

  /** What connects to these brokers: at first by the spare one, if there is one. */
  Supplier<StreamConsumer> takeFor(String wanted) {
    AtomicReference<@Nullable StreamConsumer> ready =
        new AtomicReference<>(wanted.equals(servers) ? consumer : null);
    if (ready.get() == null) {
      discard();
    }
    consumer = null;
    servers = "";
    return () -> {
      StreamConsumer spare = ready.getAndSet(null);
      return spare == null ? StreamConsumer.create(wanted, options, timing) : spare;
    };
  }

  /** Gives it up. */
  void discard() {
    StreamConsumer made = consumer;
    consumer = null;
    servers = "";
    if (made != null) {
      close(made);
    }
  }

  private void close(StreamConsumer made) {
    vertx.executeBlocking(
        () -> {
          made.close();
          return null;
        },
        false);
  }
}
