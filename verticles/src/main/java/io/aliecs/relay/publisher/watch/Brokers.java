package io.aliecs.relay.publisher.watch;

import io.aliecs.relay.kafka.ExplainedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * The brokers that a session publishes to, looked at over connections of their own, so that nothing
 * that is sent waits for it. Blocks. One thread looks, another one may close.
 */
public final class Brokers implements AutoCloseable {
  /** Longer than a broker that is alive takes, on a machine that has other things to do. */
  private static final int ANSWER_MS = 8_000;

  private final Clients clients;
  private final Published published;

  /** The topics as they were when they were first seen, each with its id. */
  private final Map<String, String> ids;

  private volatile boolean closed;
  private volatile @Nullable Admin admin;
  private volatile @Nullable TopicTails tails;

  /** How to connect. What the suppliers give may hold secrets. */
  public record Clients(
      List<String> servers,
      Supplier<Map<String, Object>> admin,
      Supplier<Map<String, Object>> consumer) {

    /** Without the properties. */
    @Override
    public String toString() {
      return "Clients" + servers;
    }
  }

  /**
   * What the relay publishes there.
   *
   * @param topics all that it writes to, its own with the watermark too
   * @param listTopic the one with the lists
   * @param watermarkTopic the one with the watermark
   * @param transactionalId the key of the watermark
   * @param source the {@code ce_source} of each record but the watermark
   */
  public record Published(
      Set<String> topics,
      String listTopic,
      String watermarkTopic,
      String transactionalId,
      String source) {}

  /**
   * Brokers that nobody has looked at yet.
   *
   * @param ids of the topics when publishing began, as far as they were known
   */
  public Brokers(Clients clients, Published published, Map<String, String> ids) {
    this.clients = clients;
    this.published = published;
    this.ids = new HashMap<>(ids);
  }

  /**
   * Looks; the first look only learns where the topics end.
   *
   * @param journalId of this relay
   * @throws RuntimeException when the brokers do not answer
   */
  public synchronized Look look(String journalId) throws InterruptedException, ExecutionException {
    if (closed) {
      return Look.NOTHING;
    }
    Map<String, TopicDescription> there = describe(connected());
    boolean remade =
        ids.entrySet().stream()
            .anyMatch(
                known -> {
                  TopicDescription now = there.get(known.getKey());
                  return now == null || !now.topicId().toString().equals(known.getValue());
                });
    there.forEach((topic, now) -> ids.putIfAbsent(topic, now.topicId().toString()));
    TopicTails reader = tails;
    return remade || reader == null
        ? new Look(remade, Set.of(), false)
        : read(reader, there, journalId);
  }

  private Look read(TopicTails reader, Map<String, TopicDescription> topics, String journalId) {
    try {
      return reader.read(topics.values(), journalId);
    } catch (TimeoutException e) {
      throw noAnswer(clients.servers(), ANSWER_MS, e);
    }
  }

  private Admin connected() {
    Admin connected = admin;
    if (connected == null) {
      connected = Admin.create(clients.admin().get());
      admin = connected;
      tails = new TopicTails(clients.consumer().get(), published);
    }
    return connected;
  }

  private Map<String, TopicDescription> describe(Admin connected)
      throws InterruptedException, ExecutionException {
    Map<String, KafkaFuture<TopicDescription>> asked =
        connected
            .describeTopics(published.topics(), new DescribeTopicsOptions().timeoutMs(ANSWER_MS))
            .topicNameValues();
    Map<String, TopicDescription> there = new HashMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> one : asked.entrySet()) {
      try {
        there.put(one.getKey(), one.getValue().get());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof TimeoutException) {
          throw noAnswer(clients.servers(), ANSWER_MS, e);
        }
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException
            || e.getCause() instanceof AuthorizationException)) {
          throw e;
        }
      }
    }
    return there;
  }

  /** Why there is nobody who could be published to. */
  public static ExplainedException noAnswer(List<String> servers, int millis, Throwable cause) {
    return new ExplainedException(
        String.join(",", servers)
            + ": no answer within "
            + millis
            + " ms (expected: a Kafka broker, with advertised.listeners that this host reaches)",
        cause);
  }

  /** Ends a look that is under way, too. */
  @Override
  public void close() {
    closed = true;
    Admin connected = admin;
    if (connected != null) {
      connected.close(Duration.ZERO);
    }
    TopicTails reader = tails;
    if (reader != null) {
      reader.wakeup();
    }
    synchronized (this) {
      TopicTails last = tails;
      if (last != null) {
        last.close();
      }
      Admin late = admin;
      if (late != null && late != connected) {
        late.close(Duration.ZERO);
      }
    }
  }
}
