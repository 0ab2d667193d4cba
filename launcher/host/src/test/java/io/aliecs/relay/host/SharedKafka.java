package io.aliecs.relay.host;

import static org.awaitility.Awaitility.await;

import io.aliecs.relay.testkit.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** One broker for all tests of a JVM, which run one after the other. */
public final class SharedKafka {
  private static final EmbeddedKafka KAFKA = start();

  private SharedKafka() {}

  private static EmbeddedKafka start() {
    try {
      Path dir = Files.createTempDirectory("shared-kafka");
      EmbeddedKafka kafka = EmbeddedKafka.start(dir, 0);
      Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
      return kafka;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it is. */
  public static String bootstrapServers() {
    return KAFKA.bootstrapServers();
  }

  /** A client of it; close it. */
  public static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
  }

  /** Removes what a test before has left. */
  public static void removeAllTopics() throws InterruptedException, ExecutionException {
    try (Admin admin = admin()) {
      Set<String> topics = admin.listTopics().names().get();
      admin.deleteTopics(topics).all().get();
      await().until(() -> admin.listTopics().names().get().isEmpty());
    }
  }
}
