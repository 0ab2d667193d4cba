package io.aliecs.relay.publisher;

import io.aliecs.relay.domain.OutboxEntry;
import io.aliecs.relay.proto.journal.Watermark;
import io.aliecs.relay.settings.PublisherOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * One transactional producer from take-over to its end. Every method blocks; use it from one worker
 * at a time. After any failure it is of no use: close it and open another, which takes over by the
 * same rule as a successor on another host would.
 */
final class KafkaSession implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
  private static final long SEND_TIMEOUT_MS = 30_000;

  private final KafkaProducer<String, byte[]> producer;
  private final String transactionalId;
  private final Watermark watermark;

  private KafkaSession(
      KafkaProducer<String, byte[]> producer, String transactionalId, Watermark watermark) {
    this.producer = producer;
    this.transactionalId = transactionalId;
    this.watermark = watermark;
  }

  /**
   * Takes over: makes missing topics, fences whoever published before, and learns what Kafka has.
   *
   * <p>Fence, barrier, load, in this order: only a record of our own that can be read back proves
   * that nothing of the one before is still to appear, and only then is the watermark final.
   */
  static KafkaSession open(List<String> bootstrapServers, PublisherOptions options)
      throws InterruptedException, ExecutionException, TimeoutException {
    ClientConfig config = new ClientConfig(bootstrapServers, options);
    TopicCreator.createMissing(config, options);
    KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(config.producer(), new StringSerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
      long barrier = commitBarrier(producer, options.transactionalId());
      Watermark found = WatermarkReader.read(config, options.transactionalId(), barrier);
      return new KafkaSession(producer, options.transactionalId(), found);
    } catch (RuntimeException | InterruptedException | ExecutionException | TimeoutException e) {
      producer.close(CLOSE_TIMEOUT);
      throw e;
    }
  }

  private static long commitBarrier(KafkaProducer<String, byte[]> producer, String id)
      throws InterruptedException, ExecutionException, TimeoutException {
    producer.beginTransaction();
    Future<RecordMetadata> sent =
        producer.send(
            new ProducerRecord<>(
                WatermarkReader.TOPIC, 0, WatermarkReader.barrierKey(id), new byte[0]));
    long offset = sent.get(SEND_TIMEOUT_MS, TimeUnit.MILLISECONDS).offset();
    producer.commitTransaction();
    return offset;
  }

  /** The last entry that Kafka had when this session took over; its default when there was none. */
  Watermark watermark() {
    return watermark;
  }

  /**
   * Sends entries and the watermark of the last of them as one transaction. When it returns, a
   * {@code read_committed} reader will get all of them once.
   */
  void send(List<OutboxEntry> entries, RecordMapper mapper, String journalId, long epoch)
      throws InterruptedException, ExecutionException, TimeoutException {
    producer.beginTransaction();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (OutboxEntry entry : entries) {
      for (ProducerRecord<String, byte[]> record : mapper.map(entry)) {
        sent.add(producer.send(record));
      }
    }
    Watermark reached =
        Watermark.newBuilder()
            .setJournalId(journalId)
            .setSequence(entries.get(entries.size() - 1).sequence())
            .setEpoch(epoch)
            .build();
    sent.add(
        producer.send(
            new ProducerRecord<>(
                WatermarkReader.TOPIC,
                0,
                WatermarkReader.watermarkKey(transactionalId),
                reached.toByteArray())));
    producer.commitTransaction();
    // commitTransaction throws when a send has failed; this only makes sure that none is left.
    for (Future<RecordMetadata> one : sent) {
      one.get(SEND_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }
}
