package io.aliecs.relay.testkit.junit;

import io.aliecs.relay.testkit.kafka.EmbeddedKafka;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/**
 * A real broker for all tests of a JVM that neither stop nor set up theirs; each finds it without
 * topics. It starts with the first class that has this extension and ends with the last class of
 * the JVM: starting one takes longer than most tests.
 *
 * <p>What is not a topic lasts, such as the epochs of transactional ids.
 */
public final class SharedKafka implements BeforeAllCallback, BeforeEachCallback {
  private static final long LIMIT_S = 60;

  private @Nullable Broker broker;

  private static final class Broker implements AutoCloseable {
    private final SharedFolder folder = SharedFolder.make("kafka");
    private final EmbeddedKafka kafka = EmbeddedKafka.start(folder.path(), 0);

    private void empty() throws Exception {
      try (Admin admin = admin()) {
        Set<String> left = topics(admin);
        if (!left.isEmpty()) {
          admin.deleteTopics(left).all().get(LIMIT_S, TimeUnit.SECONDS);
          Awaitility.await()
              .pollInterval(Duration.ofMillis(10))
              .until(() -> topics(admin).isEmpty());
        }
      }
    }

    private static Set<String> topics(Admin admin) throws Exception {
      return admin.listTopics().names().get(LIMIT_S, TimeUnit.SECONDS);
    }

    private Admin admin() {
      return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @Override
    public void close() {
      kafka.close();
      folder.close();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    broker =
        context
            .getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(SharedKafka.class))
            .getOrComputeIfAbsent(Broker.class, key -> new Broker(), Broker.class);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    broker().empty();
  }

  /** Where clients connect to, as {@code 127.0.0.1:port}. */
  public String bootstrapServers() {
    return broker().kafka.bootstrapServers();
  }

  /** A client of it; close it. */
  public Admin admin() {
    return broker().admin();
  }

  private Broker broker() {
    return Objects.requireNonNull(broker, "expected: @RegisterExtension on a static field");
  }
}
