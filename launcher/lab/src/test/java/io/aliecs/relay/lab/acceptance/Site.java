package io.aliecs.relay.lab.acceptance;

import static org.awaitility.Awaitility.await;

import io.aliecs.relay.ingest.stream.IngestOptions;
import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.aliecs.relay.proto.events.Ev_RunEvent;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.proto.events.OpStatus;
import io.aliecs.relay.testkit.consul.ConsulProcess;
import io.aliecs.relay.testkit.kafka.EmbeddedKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * What a relay finds: a Kafka with AliECS's stream and a Consul with its keys, both real. New
 * environments are published only when they say so themselves. For one thread.
 */
final class Site implements AutoCloseable {
  static final String SETTINGS = "o2/components/aliecs/ANY/any/settings";
  static final String KAFKA_ENABLED = "o2/runtime/aliecs/vars/kafka_enabled";

  private final Path folder;
  private final EmbeddedKafka kafka;
  private final ConsulProcess consul;
  private final KafkaProducer<byte[], byte[]> aliEcs;
  private final PublishedTopics topics;
  private int sentinels;

  private Site(Path folder, EmbeddedKafka kafka, ConsulProcess consul) {
    this.folder = folder;
    this.kafka = kafka;
    this.consul = consul;
    this.topics = new PublishedTopics(kafka.bootstrapServers());
    this.aliEcs =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all", "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Starts both; the plugin is on. */
  static Site open(Path folder) throws Exception {
    EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createTopics(
              SimulatedEvent.SOURCE_TOPICS.stream()
                  .map(topic -> new NewTopic(topic, 1, (short) 1))
                  .toList())
          .all()
          .get(60, TimeUnit.SECONDS);
    }
    Site site = new Site(folder, kafka, ConsulProcess.persisted(folder.resolve("consul")));
    site.consul.api().put(KAFKA_ENABLED, "false");
    site.putSettings(settings(kafka.bootstrapServers(), true));
    return site;
  }

  /** A settings document as people write it. */
  static String settings(String endpoint, boolean on) {
    return "kafkaEndpoints: [\""
        + endpoint
        + "\"]\nintegrationPlugins:\n  - dcs\n"
        + (on ? "  - kafka\n" : "")
        + "someKeyOfAliECS: {a: 1}\n";
  }

  void putSettings(String document) throws IOException {
    consul.api().put(SETTINGS, document);
  }

  void turn(boolean on) throws IOException {
    putSettings(settings(bootstrapServers(), on));
  }

  ConsulProcess consul() {
    return consul;
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  PublishedTopics topics() {
    return topics;
  }

  /** A host with an empty journal, not started. */
  HostProcess relay(String name) throws IOException {
    return relay(name, Map.of());
  }

  HostProcess relay(String name, Map<String, String> settings) throws IOException {
    Map<String, String> all = new HashMap<>(settings);
    all.putIfAbsent("kafka.topic.replication-factor", "1");
    return new HostProcess(name, folder.resolve(name), consul.address(), all);
  }

  /** Writes events as AliECS does and waits until Kafka has them. */
  EventTimes write(List<SimulatedEvent> events) throws Exception {
    for (SimulatedEvent event : events) {
      write(event.topic(), event.key(), event.event().toByteArray());
    }
    return new EventTimes(events);
  }

  void write(String topic, @Nullable String key, byte[] value) throws Exception {
    byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    aliEcs.send(new ProducerRecord<>(topic, bytes, value)).get(60, TimeUnit.SECONDS);
  }

  /**
   * Waits until all that was written is tracked, and in Kafka if it is to be published: a run event
   * is taken last of all that was written before it, so one of a stranger shows when it is done. It
   * waits for environment events that are later by its grace, or ten times that long.
   */
  void awaitQuiet(HostProcess relay) throws Exception {
    String stranger = "stranger-" + ++sentinels;
    Instant now = Instant.now();
    Ev_RunEvent started =
        Ev_RunEvent.newBuilder()
            .setEnvironmentId(stranger)
            .setRunNumber(1)
            .setState("RUNNING")
            .setTransition("START_ACTIVITY")
            .setTransitionStatus(OpStatus.DONE_OK)
            .build();
    Event event = Event.newBuilder().setTimestamp(now.toEpochMilli()).setRunEvent(started).build();
    write(SimulatedEvent.RUN_TOPIC, stranger, event.toByteArray());
    Instant later = now.plus(IngestOptions.DEFAULT_RUN_GRACE);
    write(AliEcsEvents.in("later-" + sentinels, () -> later, "STANDBY", 0).destroyed());
    relay.awaitState(stranger, "RUNNING");
    write(AliEcsEvents.in(stranger, Instant::now, "RUNNING", 1).destroyed());
    relay.awaitState(stranger, "DONE");
    relay.awaitMetric("relay_outbox_entries", 0);
  }

  /** Waits until so many messages can be read. */
  List<Published> awaitCommitted(int count) {
    return await(count + " messages")
        .atMost(HostProcess.LIMIT)
        .until(topics::committed, messages -> messages.size() >= count);
  }

  @Override
  public void close() {
    aliEcs.close();
    kafka.close();
    consul.close();
  }
}
