package io.aliecs.relay.web.page;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.bus.status.ClusterStatus.Member;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.bus.status.CoreComparison;
import io.aliecs.relay.bus.status.CoreComparison.Difference;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.settings.SettingsStatus;
import io.aliecs.relay.web.RunningWeb;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Six hours of an experiment, told to a relay in a second: what a page has to show in earnest. */
final class NightShift {
  private static final long MINUTE = 60_000;
  private static final long DAY = 86_400_000;
  private static final PublishingSettings ON =
      new PublishingSettings(true, List.of("kafka-1:9092", "kafka-2:9092"), true, 10, 11);

  private static final PublishingSettings OFF =
      new PublishingSettings(false, List.of(), true, 12, 11);

  private final Ago clock = new Ago();
  final RunningWeb web = new RunningWeb(0, clock, BrowserTest.STREAM);
  private long event;

  /** The system's clock, but for some time. */
  private static final class Ago implements InstantSource {
    private volatile long ms;

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(System.currentTimeMillis() - ms);
    }
  }

  /** All that happened until now: three active runs, one error, some that have ended. */
  NightShift play() {
    clock.ms = 345 * MINUTE;
    well();
    web.settings(ON);
    for (int minute = 340; minute > 200; minute -= 7) {
      life("2vQ" + minute + "aKpZx", minute, 571_100 + minute, minute > 260 && minute < 300);
    }
    created("2vREmT4kQwL", 190, "PHYSICS", true, "MCH", "MID");
    run("2vREmT4kQwL", 186, 571_190);
    tell(at("2vREmT4kQwL", 124, EventType.ENTERED, Transition.GO_ERROR, null), 6);
    created("2vRFgd9mCxP", 140, "PHYSICS", true, "ITS", "TPC", "TRD", "TOF", "EMC", "PHS", "MCH");
    run("2vRFgd9mCxP", 134, 571_204);
    created("2vRKe7NwYcD", 65, "TECHNICAL", true, "FT0", "FV0");
    created("2vRJx1bQeWn", 30, "COSMICS", true, "TPC", "TRD");
    run("2vRJx1bQeWn", 13, 571_209);
    created("2vRM77aabbX", 9, "PEDESTAL", false, "ZDC");
    run("2vRM77aabbX", 2, 571_211);
    tell(at("2vRJx1bQeWn", 0, EventType.LEAVING, Transition.STOP_ACTIVITY, null), 4);
    return this;
  }

  /** Kafka refuses a message, and a host is away. */
  NightShift trouble() {
    long id = web.state.outbox().deliveredId() + 1;
    web.at(clock.millis());
    web.apply(
        EnvironmentEvent.builder("2vRNdepl003", EventType.CREATED, clock.millis())
            .eventId("parked")
            .detectors(List.of("HMP"))
            .kafkaEnabled(true)
            .build());
    String reason = "topic aliecs.env_state.STANDBY: no right to write (user relay)";
    web.apply(
        new Command.Parked(
            List.of(new Command.Refusal(id, "aliecs.env_state.STANDBY", reason, true)),
            clock.millis()),
        new Command.Delivered(web.state.outbox().next() - 1));
    web.answer(BusAddresses.CLUSTER_STATUS, cluster(252_000, 812));
    web.answer(
        BusAddresses.PUBLISHER_STATUS,
        new ComponentStatus(false, "publishing", reason, clock.millis()));
    return this;
  }

  /** Somebody turned the publishing off. */
  void off() {
    String why = "kafka is not in integrationPlugins of o2/components/aliecs/ANY/any/settings";
    web.answer(
        BusAddresses.PUBLISHER_STATUS, new ComponentStatus(true, "off", why, clock.millis()));
    web.answer(BusAddresses.SETTINGS_STATUS, read(OFF))
        .apply(new Command.SettingsChanged(OFF, clock.millis()));
  }

  private SettingsStatus read(PublishingSettings settings) {
    long now = clock.millis();
    return new SettingsStatus(
        settings,
        true,
        true,
        now,
        List.of(),
        ConsulOptions.SETTINGS_KEY,
        ConsulOptions.KAFKA_ENABLED_KEY);
  }

  private void well() {
    web.answer(BusAddresses.CLUSTER_STATUS, cluster(90, 0))
        .answer(BusAddresses.SETTINGS_STATUS, read(ON))
        .answer(
            BusAddresses.PUBLISHER_STATUS,
            new ComponentStatus(true, "publishing", "", clock.millis()))
        .answer(
            BusAddresses.INGEST_STATUS, new ComponentStatus(true, "reading", "", clock.millis()))
        .answer(BusAddresses.RECONCILE_FOUND, compared())
        .leader(true, "relay-1");
  }

  private static CoreComparison compared() {
    long now = System.currentTimeMillis();
    return new CoreComparison(
        new ComponentStatus(true, "answering", "", now - 345 * MINUTE),
        now - MINUTE / 3,
        List.of(new Difference(now - 51 * MINUTE, "ended", "2vRHq4mZyTs", null)));
  }

  private static ClusterStatus cluster(long heardOfThird, long behindOfThird) {
    List<Member> members =
        List.of(
            new Member("relay-1", "10.0.0.1:8701", 0, 0),
            new Member("relay-2", "10.0.0.2:8701", 110, 0),
            new Member("relay-3", "10.0.0.3:8701", heardOfThird, behindOfThird));
    long certificateUntil = System.currentTimeMillis() + (behindOfThird == 0 ? 301 : 12) * DAY;
    return new ClusterStatus(
            "relay-1", "relay-1", true, 7, true, 40, 48_211, 0, ClusterStatus.UNKNOWN, members)
        .withCertificate(certificateUntil);
  }

  private void life(String id, int minute, long run, boolean slow) {
    created(id, minute, "CALIBRATION", true, "EMC", "CPV");
    run(id, minute - 1, run);
    tell(at(id, minute - 3, EventType.ENTERED, Transition.STOP_ACTIVITY, null), slow ? 9_000 : 5);
    tell(at(id, minute - 4, EventType.DESTROYED, Transition.DESTROY, null), slow ? 30_000 : 7);
  }

  private void created(String id, int minute, String type, boolean publish, String... detectors) {
    clock.ms = minute * MINUTE;
    tell(
        EnvironmentEvent.builder(id, EventType.CREATED, clock.millis())
            .eventId("event " + ++event)
            .source(source())
            .runType(type)
            .detectors(List.of(detectors))
            .kafkaEnabled(publish)
            .build(),
        4);
    tell(at(id, minute, EventType.ENTERED, Transition.DEPLOY, null), 5);
    tell(at(id, minute, EventType.ENTERED, Transition.CONFIGURE, null), 14);
  }

  private void run(String id, int minute, long number) {
    tell(at(id, minute, EventType.BEFORE, Transition.START_ACTIVITY, number), 3);
    tell(at(id, minute, EventType.LEAVING, Transition.START_ACTIVITY, number), 4);
    tell(at(id, minute, EventType.ENTERED, Transition.START_ACTIVITY, number), 38);
  }

  private EnvironmentEvent at(
      String id, int minute, EventType type, Transition transition, @Nullable Long run) {
    clock.ms = minute * MINUTE;
    return EnvironmentEvent.builder(id, type, clock.millis())
        .eventId("event " + ++event)
        .transition(transition)
        .runNumber(run)
        .source(source())
        .build();
  }

  private SourcePosition source() {
    return new SourcePosition(new SourcePartition("aliecs.environment", 0), event);
  }

  /** The event, and so many ms later that Kafka has it. */
  private void tell(EnvironmentEvent told, long delayMs) {
    web.at(told.timestamp());
    web.apply(told);
    long now = clock.ms;
    clock.ms = Math.max(0, now - delayMs);
    web.apply(new Command.Delivered(web.state.outbox().next() - 1));
    clock.ms = now;
  }
}
