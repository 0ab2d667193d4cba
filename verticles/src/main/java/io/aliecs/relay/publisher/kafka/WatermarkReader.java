package io.aliecs.relay.publisher.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.proto.journal.Watermark;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Finds the last watermark in the relay's own topic. */
public final class WatermarkReader {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long TIMEOUT_MS = 20_000;
  private static final long FIRST_WINDOW = 64;

  private WatermarkReader() {}

  /**
   * The relay's own topic, compacted and of one partition. With each prefix there is another one:
   * publishing has come to another place there.
   */
  public static String topic(PublisherOptions options) {
    return options.topics().inKafka(Topics.WATERMARK);
  }

  public static String watermarkKey(String transactionalId) {
    return transactionalId;
  }

  public static String barrierKey(String transactionalId) {
    return transactionalId + "/barrier";
  }

  /**
   * The last watermark below the barrier; its default when there is none.
   *
   * @param barrier offset of a record of our own; read until it appears
   * @throws TimeoutException when it does not appear in time
   */
  public static Watermark read(ClientConfig config, long barrier) throws TimeoutException {
    try (KafkaConsumer<String, byte[]> consumer = config.newConsumer()) {
      return read(consumer, config.options(), barrier);
    }
  }

  /** The same by a consumer that is there. */
  public static Watermark read(
      KafkaConsumer<String, byte[]> consumer, PublisherOptions options, long barrier)
      throws TimeoutException {
    TopicPartition partition = new TopicPartition(topic(options), 0);
    String key = watermarkKey(options.transactionalId());
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
    consumer.assign(List.of(partition));
    // The last one is close to the end; the topic can be long before it is compacted.
    for (long window = FIRST_WINDOW; ; window *= 64) {
      long from = Math.max(0, barrier - window);
      Watermark found = last(consumer, partition, key, from, barrier, deadline);
      if (found != null) {
        return found;
      }
      if (from == 0) {
        return Watermark.getDefaultInstance();
      }
    }
  }

  private static @Nullable Watermark last(
      KafkaConsumer<String, byte[]> consumer,
      TopicPartition partition,
      String key,
      long from,
      long barrier,
      long deadline)
      throws TimeoutException {
    byte[] last = null;
    consumer.seek(partition, from);
    while (consumer.position(partition) <= barrier) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        if (key.equals(record.key())) {
          last = record.value();
        }
      }
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "our own record at offset "
                + barrier
                + " of "
                + partition.topic()
                + " cannot be read after "
                + TIMEOUT_MS
                + " ms (expected: at once)");
      }
    }
    try {
      return last == null ? null : Watermark.parseFrom(last);
    } catch (InvalidProtocolBufferException e) {
      throw new KafkaException(
          partition.topic() + ": not a watermark (expected: one of the relay's)", e);
    }
  }
}
