package io.aliecs.relay.lab.acceptance;

import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.aliecs.relay.lab.verify.expected.ExpectedChange;
import io.aliecs.relay.lab.verify.expected.ExpectedLife;
import io.aliecs.relay.lab.verify.expected.ExpectedMessage;
import io.aliecs.relay.lab.verify.expected.RunHistory;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes what AliECS's own plugin does of the events that AliECS writes: plain records without
 * keys and headers, and no word of STANDBY. Made of what the contract says, not of a relay. For one
 * thread.
 */
final class AliEcsPlugin implements AutoCloseable {
  private static final String STANDBY = "aliecs.env_state.STANDBY";

  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<String, ExpectedLife> lives = new HashMap<>();
  private final List<ExpectedChange> changes = new ArrayList<>();
  private long order;
  private boolean on = true;

  private AliEcsPlugin(KafkaProducer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /** One that is on, with its topics. */
  static AliEcsPlugin start(String bootstrapServers) throws Exception {
    Map<String, Object> config = Map.of("bootstrap.servers", bootstrapServers);
    try (Admin admin = Admin.create(config)) {
      admin
          .createTopics(
              Topics.published().stream().map(topic -> new NewTopic(topic, 1, (short) 1)).toList())
          .all()
          .get(60, TimeUnit.SECONDS);
    }
    return new AliEcsPlugin(
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()));
  }

  /** The core is started with it, or without; its environments are gone either way. */
  void coreRestarts(boolean with) throws Exception {
    on = with;
    lives.clear();
    changes.clear();
    if (on) {
      list(order, System.currentTimeMillis());
    }
  }

  /** AliECS writes these. */
  void follow(EnvironmentSetup setup, List<SimulatedEvent> events) throws Exception {
    ExpectedLife life = lives.computeIfAbsent(setup.environmentId(), id -> new ExpectedLife(setup));
    for (SimulatedEvent event : events) {
      long at = event.event().getTimestamp();
      if (event.event().hasRunEvent()) {
        life.next(++order, at, event.event().getRunEvent());
      } else if (event.event().hasEnvironmentEvent()) {
        var change = life.next(++order, at, event.event().getEnvironmentEvent());
        if (change.isPresent()) {
          publish(change.get());
        }
      }
    }
  }

  private void publish(ExpectedChange change) throws Exception {
    changes.add(change);
    if (!on || change.messages().stream().anyMatch(one -> one.topic().equals(STANDBY))) {
      return;
    }
    for (ExpectedMessage message : change.messages()) {
      send(message.topic(), message.value().toByteArray());
    }
    if (change.listed()) {
      list(change.order(), change.timestamp());
    }
  }

  private void list(long after, long timestamp) throws Exception {
    ActiveRunsList.Builder list = ActiveRunsList.newBuilder().setTimestamp(timestamp);
    list.addAllActiveRuns(new RunHistory(changes).after(after));
    send(Published.LIST, list.build().toByteArray());
  }

  private void send(String topic, byte[] value) throws Exception {
    producer.send(new ProducerRecord<>(topic, value)).get(60, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    producer.close();
  }
}
