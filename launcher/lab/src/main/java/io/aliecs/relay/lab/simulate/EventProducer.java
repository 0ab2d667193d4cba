package io.aliecs.relay.lab.simulate;

import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.kafka.client.producer.KafkaProducer;
import io.vertx.kafka.client.producer.KafkaProducerRecord;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes {@link SimulatedEvent}s, each key's in order. Thread-safe; not for event loops. */
final class EventProducer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventProducer.class);
  private static final long CLOSE_MILLIS = 5_000;
  private static final int MOST_UNDER_WAY = 10_000;

  private static final VertxOptions ONE_PRODUCER =
      new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1);

  private final Vertx vertx;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Semaphore room = new Semaphore(MOST_UNDER_WAY);
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  private EventProducer(Vertx vertx, KafkaProducer<byte[], byte[]> producer) {
    this.vertx = vertx;
    this.producer = producer;
    producer.exceptionHandler(error -> {}); // each is the result of its send, too
  }

  /**
   * Connects and creates the topics where they are missing.
   *
   * @throws IllegalStateException when the brokers cannot be reached or refuse
   */
  static EventProducer open(SimulationOptions options) {
    String brokers = options.bootstrapServers();
    // With more in flight a fresh partition can refuse the first batch and take the second.
    Map<String, String> config =
        Map.of(
            "bootstrap.servers", brokers,
            "acks", "all",
            "max.in.flight.requests.per.connection", "1",
            "linger.ms", "0",
            "max.block.ms", "30000");
    AliEcsTopics.create(brokers, options.partitions());
    Vertx vertx = Vertx.vertx(ONE_PRODUCER);
    try {
      return new EventProducer(
          vertx,
          KafkaProducer.create(
              vertx, config, new ByteArraySerializer(), new ByteArraySerializer()));
    } catch (KafkaException refused) {
      vertx.close();
      throw AliEcsTopics.unreached(brokers, refused);
    }
  }

  /** Hands an event over; waits while Kafka is away and so many are under way as may be. */
  void send(SimulatedEvent event) {
    room.acquireUninterruptibly();
    producer
        .send(
            KafkaProducerRecord.create(
                event.topic(), event.keyBytes(), event.event().toByteArray()))
        .onComplete(this::count);
  }

  long acknowledged() {
    return acknowledged.get();
  }

  long failed() {
    return failed.get();
  }

  /** Waits up to 5 s for what was handed over. */
  @Override
  public void close() {
    try {
      room.tryAcquire(MOST_UNDER_WAY, CLOSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    vertx.close(); // with the producer; nothing waits for it
  }

  private void count(AsyncResult<?> sent) {
    room.release();
    if (sent.succeeded()) {
      acknowledged.incrementAndGet();
    } else if (failed.incrementAndGet() == 1) {
      LOG.warn("Kafka did not take a simulated event: {}", sent.cause().getMessage());
    }
  }
}
