package io.aliecs.relay.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.HostState;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.Trace;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a collector is told of an event, and what becomes of it when there is none. */
@ExtendWith(VertxExtension.class)
class TraceVerticleTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<JsonObject> requests = new CopyOnWriteArrayList<>();
  private RelayState state = RelayState.EMPTY;
  private long index;
  private volatile int status = 200;
  private Vertx vertx;
  private HttpServer collector;

  @BeforeEach
  void open(Vertx vertx) {
    this.vertx = vertx;
    LocalRecords.register(vertx);
    collector =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              requests.add(body.toJsonObject());
                              request.response().setStatusCode(status).end("{}");
                            }))
            .listen(0, "127.0.0.1")
            .await();
    state =
        state
            .apply(
                new Command.SettingsChanged(
                    new PublishingSettings(true, List.of("kafka:9092"), true, 1, 1), 1))
            .state();
  }

  private void deploy(boolean leading, int port) {
    vertx
        .eventBus()
        .<Void>localConsumer(
            BusAddresses.HOST_STATE,
            message ->
                message.reply(
                    new HostState(changed(), new Leadership(leading, 1, "relay-1")),
                    LocalRecords.LOCAL));
    String endpoint = "http://127.0.0.1:" + port + "/v1/traces";
    TraceOptions options = new TraceOptions(endpoint, "relay-1", "1.2.3");
    vertx.deployVerticle(new TraceVerticle(options, meters)).await();
  }

  private StateChanged changed(String... environmentIds) {
    return new StateChanged(index, state, java.util.Set.of(environmentIds), 2_000 + index);
  }

  private void apply(Command command) {
    RelayState.Applied applied = state.apply(command);
    state = applied.state();
    index++;
    vertx
        .eventBus()
        .publish(
            BusAddresses.ENVIRONMENT_CHANGED,
            changed(applied.environmentIds().toArray(String[]::new)),
            LocalRecords.LOCAL);
  }

  private static Command created(String id) {
    return EnvironmentEvent.builder(id, EventType.CREATED, 1_000).eventId("made " + id).build();
  }

  private List<JsonObject> spans() {
    return requests.stream()
        .flatMap(request -> objects(request, "resourceSpans"))
        .flatMap(resource -> objects(resource, "scopeSpans"))
        .flatMap(scope -> objects(scope, "spans"))
        .toList();
  }

  private static java.util.stream.Stream<JsonObject> objects(JsonObject json, String field) {
    return json.getJsonArray(field, new JsonArray()).stream().map(JsonObject.class::cast);
  }

  private double counted(String name) {
    return meters.counter("relay.trace." + name).count();
  }

  @Test
  void anEventIsOneTraceFromWhenItHappenedToWhenItsMessagesAreInKafka() {
    deploy(true, collector.actualPort());
    apply(created("2env"));
    apply(new Command.Delivered(state.outbox().next() - 1));

    await().atMost(LIMIT).until(() -> spans().size() == 2);
    Trace trace = Trace.of("made 2env", "2env");
    JsonObject event = spans().get(0);
    assertThat(event.getString("traceId")).isEqualTo(trace.id());
    assertThat(event.getString("spanId")).isEqualTo(trace.eventSpan());
    assertThat(event.containsKey("parentSpanId")).isFalse();
    assertThat(event.getString("startTimeUnixNano")).isEqualTo("1000000000");
    assertThat(event.getString("endTimeUnixNano")).isEqualTo("2001000000");
    assertThat(event.getJsonArray("attributes").encode()).contains("aliecs.environment", "2env");
    JsonObject publish = spans().get(1);
    assertThat(publish.getString("traceId")).isEqualTo(trace.id());
    assertThat(publish.getString("parentSpanId")).isEqualTo(trace.eventSpan());
    assertThat(trace.parent())
        .isEqualTo("00-" + trace.id() + "-" + publish.getString("spanId") + "-01");
    assertThat(publish.getString("startTimeUnixNano")).isEqualTo("2001000000");
    assertThat(publish.getString("endTimeUnixNano")).isEqualTo("2002000000");
    await().atMost(LIMIT).until(() -> counted("spans") == 2);
    assertThat(counted("dropped")).isZero();
  }

  @Test
  void aMessageThatKafkaRefusesIsAnErrorOfItsTrace() {
    deploy(true, collector.actualPort());
    apply(created("2env"));
    OutboxEntry entry = state.outbox().entries().values().iterator().next();
    apply(
        new Command.Parked(
            List.of(
                new Command.Refusal(
                    entry.sequence(), "aliecs.env_state.STANDBY", "no right to write", true)),
            3_000));
    apply(new Command.Delivered(state.outbox().next() - 1));

    await().atMost(LIMIT).until(() -> spans().size() == 2);
    assertThat(spans().get(0).containsKey("status")).isFalse();
    assertThat(spans().get(1).getJsonObject("status"))
        .isEqualTo(
            new JsonObject()
                .put("code", 2)
                .put("message", "parked: aliecs.env_state.STANDBY: no right to write"));
  }

  @Test
  void whatACollectorRefusesOrDoesNotAnswerIsDroppedAndCounted() {
    status = 503;
    deploy(true, collector.actualPort());
    apply(created("2env"));
    await().atMost(LIMIT).until(() -> counted("dropped") == 1);

    collector.close().await();
    apply(created("2other"));
    await().atMost(LIMIT).until(() -> counted("dropped") == 2);
    assertThat(counted("spans")).isZero();
  }

  @Test
  void onlySoMuchWaitsForTheCollector() {
    HttpServer silent =
        vertx.createHttpServer().requestHandler(request -> {}).listen(0, "127.0.0.1").await();
    deploy(true, silent.actualPort());
    for (int i = 0; i < 3 * SpanExporter.MOST; i++) {
      apply(created("2env" + i));
    }
    await().atMost(LIMIT).until(() -> counted("dropped") >= SpanExporter.MOST);
  }

  @Test
  void aHostThatFollowsSaysNothing() {
    deploy(false, collector.actualPort());
    apply(created("2env"));
    vertx
        .eventBus()
        .publish(
            BusAddresses.LEADERSHIP_CHANGED,
            new Leadership(true, 2, "relay-1"),
            LocalRecords.LOCAL);
    apply(created("2next"));
    await().atMost(LIMIT).until(() -> counted("spans") == 1);
    assertThat(spans())
        .singleElement()
        .satisfies(span -> assertThat(span.encode()).contains("2next"));
  }
}
