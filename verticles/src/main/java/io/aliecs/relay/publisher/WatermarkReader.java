package io.aliecs.relay.publisher;

import com.google.protobuf.InvalidProtocolBufferException;
import io.aliecs.relay.proto.journal.Watermark;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** Finds the last watermark in the relay's own topic. */
final class WatermarkReader {
  /** The relay's own topic: how far publishing has come. Compacted; one partition. */
  static final String TOPIC = "aliecs.relay.watermark";

  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long TIMEOUT_MS = 20_000;
  private static final long FIRST_WINDOW = 64;

  private WatermarkReader() {}

  static String watermarkKey(String transactionalId) {
    return transactionalId;
  }

  static String barrierKey(String transactionalId) {
    return transactionalId + "/barrier";
  }

  /**
   * The last watermark below the barrier; its default when there is none.
   *
   * @param barrier offset of a record of our own; read until it appears
   * @throws TimeoutException when it does not appear in time
   */
  static Watermark read(ClientConfig config, String transactionalId, long barrier)
      throws TimeoutException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            config.consumer(), new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(PARTITION));
      // The last one is close to the end; the topic can be long before it is compacted.
      for (long window = FIRST_WINDOW; ; window *= 64) {
        long from = Math.max(0, barrier - window);
        Watermark found = last(consumer, transactionalId, from, barrier, deadline);
        if (found != null) {
          return found;
        }
        if (from == 0) {
          return Watermark.getDefaultInstance();
        }
      }
    }
  }

  private static @Nullable Watermark last(
      KafkaConsumer<String, byte[]> consumer,
      String transactionalId,
      long from,
      long barrier,
      long deadline)
      throws TimeoutException {
    byte[] last = null;
    consumer.seek(PARTITION, from);
    while (consumer.position(PARTITION) <= barrier) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        if (watermarkKey(transactionalId).equals(record.key())) {
          last = record.value();
        }
      }
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "our own record at offset "
                + barrier
                + " of "
                + TOPIC
                + " cannot be read after "
                + TIMEOUT_MS
                + " ms (expected: at once)");
      }
    }
    try {
      return last == null ? null : Watermark.parseFrom(last);
    } catch (InvalidProtocolBufferException e) {
      throw new KafkaException(TOPIC + ": not a watermark (expected: one of the relay's)", e);
    }
  }
}
