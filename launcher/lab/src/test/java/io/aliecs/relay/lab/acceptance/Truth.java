package io.aliecs.relay.lab.acceptance;

import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.aliecs.relay.proto.events.Ev_EnvironmentEvent;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.proto.events.OpStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What has to be published of what AliECS wrote, read from its stream and derived once more from
 * the contract, §2 and §4, for streams in which nothing is lost and nothing comes twice.
 */
final class Truth {
  /** A run: when it was entered, and when it was over; 0 for not yet. */
  record Run(String environmentId, long number, boolean published, long from, long until) {
    String name() {
      return environmentId + "/" + number;
    }
  }

  private final Map<String, ExpectedEnvironment> environments = new LinkedHashMap<>();
  private final Map<String, Run> runs = new LinkedHashMap<>();

  /** One environment while its events are read. */
  private static final class ExpectedEnvironment {
    private final String id;
    private final boolean published;
    private final List<String> messages = new ArrayList<>();
    private String state = "STANDBY";
    private long announced;
    private long active;
    private boolean endTold;
    private boolean leaving;
    private boolean over;

    ExpectedEnvironment(String id, boolean published) {
      this.id = id;
      this.published = published;
    }

    void tell(String topic, long run, long timestamp) {
      messages.add(topic + (run == 0 ? "" : " " + run) + " at " + timestamp);
    }
  }

  private Truth() {}

  static Truth read(String bootstrapServers) throws Exception {
    Truth truth = new Truth();
    TopicPartition stream = new TopicPartition(SimulatedEvent.ENVIRONMENT_TOPIC, 0);
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", false),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(stream));
      consumer.seekToBeginning(List.of(stream));
      long end = consumer.endOffsets(List.of(stream)).get(stream);
      while (consumer.position(stream) < end) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          Event event = Event.parseFrom(record.value());
          if (event.hasEnvironmentEvent()) {
            truth.take(event.getEnvironmentEvent(), event.getTimestamp());
          }
        }
      }
    }
    return truth;
  }

  private void take(Ev_EnvironmentEvent event, long timestamp) {
    String id = event.getEnvironmentId();
    String step = event.getTransitionStep();
    if (step.equals("after_CREATE")) {
      ExpectedEnvironment environment =
          new ExpectedEnvironment(id, event.getVarsOrDefault("kafka_enabled", "").equals("true"));
      environments.put(id, environment);
      environment.tell("aliecs.env_state.STANDBY", 0, timestamp);
      return;
    }
    ExpectedEnvironment environment = environments.get(id);
    if (environment == null || environment.over) {
      return;
    }
    boolean starting = event.getMessage().equals("transition step starting");
    boolean destroying = event.getTransition().equals("DESTROY");
    if (step.equals("before_START_ACTIVITY")) {
      announce(environment, event);
    } else if (step.startsWith("leave_") && (starting || destroying)) {
      leave(environment, timestamp);
    } else if (step.startsWith("enter_") && starting) {
      enter(environment, step.substring("enter_".length()), timestamp);
    } else if (step.equals("after_DESTROY")
        && (event.getTransitionStatus() == OpStatus.ONGOING || event.getState().equals("DONE"))) {
      if (!environment.leaving) { // AliECS could not release its tasks
        leave(environment, timestamp);
      }
      enter(environment, "UNKNOWN", timestamp);
      environment.over = true;
    } else if (step.isEmpty() && event.getTransitionStatus() == OpStatus.DONE_ERROR) {
      environment.leaving = false;
    }
  }

  /**
   * Without a time: it is that of the run's number, or of this event where that came too late to
   * count. Its first event may still have the number of a run whose start failed.
   */
  private static void announce(ExpectedEnvironment environment, Ev_EnvironmentEvent event) {
    long run = Integer.toUnsignedLong(event.getRunNumber());
    if (run > environment.announced) {
      environment.announced = run;
      environment.messages.add("aliecs.before_start_activity " + run);
    }
  }

  private static void leave(ExpectedEnvironment environment, long timestamp) {
    if (environment.active == 0 || !environment.endTold) {
      environment.tell(
          "aliecs.env_leave_state." + environment.state, environment.active, timestamp);
    }
    environment.endTold = true;
    environment.leaving = true;
  }

  private void enter(ExpectedEnvironment environment, String state, long timestamp) {
    environment.leaving = false;
    if (environment.active != 0) {
      runs.computeIfPresent(
          environment.id + "/" + environment.active,
          (name, run) ->
              new Run(environment.id, run.number(), environment.published, run.from(), timestamp));
    }
    environment.active = 0;
    environment.state = state;
    if (state.equals("RUNNING")) {
      environment.active = environment.announced;
      environment.endTold = false;
      Run run = new Run(environment.id, environment.active, environment.published, timestamp, 0);
      runs.put(run.name(), run);
    }
    if (!state.equals("DONE")) {
      environment.tell("aliecs.env_state." + state, environment.active, timestamp);
    }
  }

  /** Every notification of each environment that is published, in order; no lists. */
  Map<String, List<String>> messages() {
    Map<String, List<String>> all = new HashMap<>();
    environments.values().stream()
        .filter(environment -> environment.published)
        .forEach(environment -> all.put(environment.id, environment.messages));
    return all;
  }

  List<Run> runs() {
    return List.copyOf(runs.values());
  }
}
