package io.aliecs.relay.publisher.session;

import io.aliecs.relay.domain.command.Command.Refusal;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.proto.journal.Watermark;
import io.aliecs.relay.publisher.kafka.ClientConfig;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.kafka.WatermarkReader;
import io.aliecs.relay.publisher.records.RecordBatch;
import io.aliecs.relay.publisher.records.RecordMapper;
import io.aliecs.relay.publisher.records.RecordRejections;
import io.aliecs.relay.publisher.records.RecordsRejectedException;
import io.aliecs.relay.publisher.topics.TopicLimits;
import io.aliecs.relay.publisher.topics.TopicPreparation;
import io.aliecs.relay.publisher.topics.TopicSpecs;
import io.aliecs.relay.publisher.watch.Brokers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * One transactional producer from take-over to its end. Every method blocks; use it from one worker
 * at a time. After any failure but {@link RecordsRejectedException} it is of no use: close it and
 * open another, which takes over by the same rule as a successor on another host would.
 */
public final class KafkaSession implements AutoCloseable {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
  private static final long SEND_TIMEOUT_MS = 30_000;

  private final KafkaProducer<String, byte[]> producer;
  private final PublisherOptions options;
  private final Watermark watermark;
  private final RecordRejections refusals;
  private final Brokers brokers;

  private KafkaSession(
      KafkaProducer<String, byte[]> producer,
      PublisherOptions options,
      Watermark watermark,
      RecordRejections refusals,
      Brokers brokers) {
    this.producer = producer;
    this.options = options;
    this.watermark = watermark;
    this.refusals = refusals;
    this.brokers = brokers;
  }

  /**
   * Takes over: makes missing topics, fences whoever published before, and learns what Kafka has.
   *
   * <p>Fence, barrier, load, in this order: only a record of our own that can be read back proves
   * that nothing of the one before is still to appear, and only then is the watermark final.
   *
   * @param ready what is ready for that, or null; it is closed
   * @param steps receives each step
   */
  public static KafkaSession open(
      List<String> bootstrapServers,
      PublisherOptions options,
      @Nullable StandBySession ready,
      StepTimes steps)
      throws InterruptedException, ExecutionException, TimeoutException {
    ClientConfig config = new ClientConfig(bootstrapServers, options);
    try (ready) {
      StandBySession usable = ready != null && ready.isFor(bootstrapServers) ? ready : null;
      TopicPreparation.Prepared topics =
          usable == null ? TopicPreparation.prepare(config, options) : usable.topics();
      steps.done("topics");
      return takeOver(
          config,
          options,
          new RecordRejections(topics.blocked(), topics.limits(), new TopicLimits(config)),
          topics.ids(),
          usable,
          steps);
    }
  }

  private static KafkaSession takeOver(
      ClientConfig config,
      PublisherOptions options,
      RecordRejections refusals,
      Map<String, String> ids,
      @Nullable StandBySession ready,
      StepTimes steps)
      throws InterruptedException, ExecutionException, TimeoutException {
    KafkaProducer<String, byte[]> producer =
        ready == null ? config.newProducer() : ready.takeProducer();
    try {
      steps.done("producer");
      producer.initTransactions();
      steps.done("fence");
      long barrier = commitBarrier(producer, options);
      steps.done("barrier");
      Watermark found =
          ready == null
              ? WatermarkReader.read(config, barrier)
              : WatermarkReader.read(ready.consumer(), options, barrier);
      steps.done("watermark");
      return new KafkaSession(producer, options, found, refusals, brokers(config, options, ids));
    } catch (RuntimeException | InterruptedException | ExecutionException | TimeoutException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
  }

  private static Brokers brokers(
      ClientConfig config, PublisherOptions options, Map<String, String> ids) {
    return new Brokers(
        new Brokers.Clients(config.bootstrapServers(), config::admin, config::consumer),
        new Brokers.Published(
            TopicSpecs.names(options),
            options.topics().inKafka(Topics.ACTIVE_RUNS),
            WatermarkReader.topic(options),
            WatermarkReader.watermarkKey(options.transactionalId()),
            RecordMapper.SOURCE),
        ids);
  }

  /**
   * What a broker has that is published to no longer: fences whoever published there, and learns
   * the last watermark, by the same rule as {@link #open}. Leaves nothing open.
   */
  public static Watermark lastWatermark(List<String> bootstrapServers, PublisherOptions options)
      throws InterruptedException, ExecutionException, TimeoutException {
    ClientConfig config = new ClientConfig(bootstrapServers, options);
    RecordRejections none =
        new RecordRejections(Map.of(), Map.of(), RecordRejections.Limits.UNKNOWN);
    try (KafkaSession session = takeOver(config, options, none, Map.of(), null, new StepTimes())) {
      return session.watermark();
    }
  }

  private static long commitBarrier(
      KafkaProducer<String, byte[]> producer, PublisherOptions options)
      throws InterruptedException, ExecutionException, TimeoutException {
    producer.beginTransaction();
    Future<RecordMetadata> sent =
        producer.send(
            new ProducerRecord<>(
                WatermarkReader.topic(options),
                0,
                WatermarkReader.barrierKey(options.transactionalId()),
                new byte[0]));
    long offset = sent.get(SEND_TIMEOUT_MS, TimeUnit.MILLISECONDS).offset();
    producer.commitTransaction();
    return offset;
  }

  /** The last entry that Kafka had when this session took over; its default when there was none. */
  public Watermark watermark() {
    return watermark;
  }

  /** What Kafka is known to refuse for good. */
  public RecordRejections refusals() {
    return refusals;
  }

  /** The brokers of this session, for looks that nothing waits for. */
  public Brokers brokers() {
    return brokers;
  }

  /**
   * Sends records and the watermark as one transaction. When it returns, a {@code read_committed}
   * reader will get all of them once.
   *
   * @throws RecordsRejectedException when Kafka refuses some for what they are; nothing was sent,
   *     and this session is as good as before
   */
  public void send(RecordBatch batch, String journalId, long epoch)
      throws InterruptedException, ExecutionException, TimeoutException, RecordsRejectedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    AtomicReference<Culprit> first = new AtomicReference<>();
    try {
      producer.beginTransaction();
      for (RecordBatch.Item item : batch.records()) {
        Future<RecordMetadata> one = producer.send(item.record(), blame(item, first));
        sent.add(one);
        requireBroker(one);
      }
      sent.add(producer.send(watermark(journalId, batch, epoch)));
      producer.commitTransaction();
      // commitTransaction throws when a send has failed; this only makes sure that none is left.
      for (Future<RecordMetadata> one : sent) {
        one.get(SEND_TIMEOUT_MS, TimeUnit.MILLISECONDS);
      }
    } catch (KafkaException failure) {
      if (!isForWhatItIs(failure) && !isForWhatItIs(failure.getCause())) {
        throw failure;
      }
      producer.abortTransaction(); // from here on every record has its answer
      Culprit culprit = first.get();
      if (culprit == null) {
        throw failure;
      }
      throw new RecordsRejectedException(refused(batch, culprit));
    }
  }

  /** A record that Kafka refuses for what it is. */
  private record Culprit(RecordBatch.Item item, Exception why) {}

  /**
   * Keeps the record that fails first: those that the producer has not sent by then fail with the
   * very same exception.
   */
  private static Callback blame(RecordBatch.Item item, AtomicReference<Culprit> first) {
    return (metadata, failure) -> {
      if (failure != null && isForWhatItIs(failure)) {
        first.compareAndSet(null, new Culprit(item, failure));
      }
    };
  }

  private static boolean isForWhatItIs(@Nullable Throwable failure) {
    return failure instanceof RecordTooLargeException || failure instanceof InvalidRecordException;
  }

  /**
   * A producer waits for the metadata of a topic with each record anew, also of one that failed.
   */
  private static void requireBroker(Future<RecordMetadata> sent) throws InterruptedException {
    if (failure(sent) instanceof org.apache.kafka.common.errors.TimeoutException away) {
      throw away;
    }
  }

  private ProducerRecord<String, byte[]> watermark(
      String journalId, RecordBatch batch, long epoch) {
    Watermark reached =
        Watermark.newBuilder()
            .setJournalId(journalId)
            .setSequence(batch.last())
            .setEpoch(epoch)
            .setListedAt(batch.listedAt())
            .build();
    return new ProducerRecord<>(
        WatermarkReader.topic(options),
        0,
        WatermarkReader.watermarkKey(options.transactionalId()),
        reached.toByteArray());
  }

  /** The one that is refused, and those that would be for the same reason. */
  private List<Refusal> refused(RecordBatch batch, Culprit culprit) throws InterruptedException {
    List<Refusal> refused = new ArrayList<>();
    RecordBatch.Item item = culprit.item();
    if (culprit.why() instanceof RecordTooLargeException tooLarge) {
      refusals.tooLarge(item, String.valueOf(tooLarge.getMessage()));
    } else {
      String reason = "topic " + item.record().topic() + ": " + culprit.why().getMessage();
      refused.add(new Refusal(item.sequence(), item.topic(), reason, false));
    }
    refused.addAll(refusals.of(batch));
    return refused;
  }

  private static @Nullable Throwable failure(Future<RecordMetadata> sent)
      throws InterruptedException {
    if (!sent.isDone()) {
      return null;
    }
    try {
      sent.get();
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  /** Closes it after a failure, without waiting for what is of no use any more. */
  void abandon() {
    producer.close(Duration.ZERO);
    brokers.close();
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
    brokers.close();
  }
}
