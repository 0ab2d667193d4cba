package io.aliecs.relay.lab.bench.web;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.web.WebOptions;
import io.aliecs.relay.web.WebVerticle;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The relay's HTTP interface with {@link #RUNS} active runs, fed as by a journal. One thread. */
final class WebUnderTest implements AutoCloseable {
  static final int RUNS = 10;

  private static final List<String> DETECTORS =
      List.of("CPV", "EMC", "FDD", "FT0", "FV0", "HMP", "ITS", "MCH", "MFT", "MID", "TOF", "TPC");

  private final Vertx vertx = Vertx.vertx();
  private final WebVerticle web;
  private RelayState state = RelayState.EMPTY;
  private long index;
  private long run;
  private long time = System.currentTimeMillis() - 3_600_000;

  private WebUnderTest(WebVerticle web) {
    this.web = web;
  }

  static WebUnderTest start() throws Exception {
    WebVerticle web =
        new WebVerticle(
            new WebOptions("127.0.0.1", 0, "127.0.0.1", 0),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            List.of());
    WebUnderTest started = new WebUnderTest(web);
    LocalRecords.register(started.vertx);
    started.vertx.deployVerticle(web).await(20, TimeUnit.SECONDS);
    started.publish(BusAddresses.LEADERSHIP_CHANGED, new Leadership(true, 1, "relay-1"));
    started.apply(
        new Command.SettingsChanged(
            new PublishingSettings(true, List.of("kafka:9092"), true, 1, 1), started.time));
    for (int i = 0; i < RUNS; i++) {
      started.running("2bench" + i, DETECTORS.subList(0, 1 + i % DETECTORS.size()));
    }
    started.publishState(Set.of());
    return started;
  }

  Vertx vertx() {
    return vertx;
  }

  int port() {
    return web.listening().port();
  }

  private void running(String id, List<String> detectors) {
    apply(
        event(id, EventType.CREATED)
            .detectors(detectors)
            .runType("PHYSICS")
            .kafkaEnabled(true)
            .build());
    for (Transition transition : List.of(Transition.DEPLOY, Transition.CONFIGURE)) {
      apply(event(id, EventType.ENTERED).transition(transition).build());
    }
    start(id);
  }

  private void start(String id) {
    run++;
    apply(
        event(id, EventType.ENTERED).transition(Transition.START_ACTIVITY).runNumber(run).build());
  }

  private EnvironmentEvent.Builder event(String id, EventType type) {
    time++;
    return EnvironmentEvent.builder(id, type, time).eventId("event " + time);
  }

  private void apply(Command command) {
    state = state.apply(command).state();
    index++;
  }

  /** Ends a run, starts the next one and publishes that; returns its journal index. */
  long changeARun() {
    String id = "2bench0";
    apply(event(id, EventType.ENTERED).transition(Transition.STOP_ACTIVITY).build());
    start(id);
    apply(new Command.Delivered(index));
    publishState(Set.of(id));
    return index;
  }

  private void publishState(Set<String> environmentIds) {
    publish(BusAddresses.ENVIRONMENT_CHANGED, new StateChanged(index, state, environmentIds, time));
  }

  private void publish(String address, Object record) {
    vertx.eventBus().publish(address, record, LocalRecords.LOCAL);
  }

  /** Closing goes on by itself; the process ends soon. */
  @Override
  public void close() {
    vertx.close().onFailure(failure -> System.err.println("not closed: " + failure));
  }
}
