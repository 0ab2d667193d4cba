package io.aliecs.relay.web;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.aliecs.relay.settings.EffectiveSetting;
import io.aliecs.relay.web.api.Contract;
import io.aliecs.relay.web.stream.StreamOptions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * A deployed web verticle, a state that tests change, and a client that holds every answer of the
 * API against its contract. A host with a bus of its own: some tests have several. For one thread.
 */
public final class RunningWeb implements AutoCloseable {
  public static final long NOW = 1_700_000_100_000L;
  public static final PublishingSettings PLUGIN_ON =
      new PublishingSettings(true, List.of("kafka:9092"), true, 1, 1);

  public static final List<EffectiveSetting> SETTINGS =
      List.of(
          new EffectiveSetting("http.port", "8080", "default"),
          new EffectiveSetting(
              "kafka.client.sasl.jaas.config", EffectiveSetting.MASK, "conf/relay.yaml"));

  public final Vertx vertx = Vertx.vertx();
  public final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  public final WebVerticle web;
  private final String deployment;
  private final Contract contract = Contract.read();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, MessageConsumer<Object>> answers = new HashMap<>();
  private final Set<Meter.Id> counted;
  public RelayState state = RelayState.EMPTY;
  private long index;
  private long time;

  public RunningWeb() {
    this(StreamOptions.DEFAULTS);
  }

  public RunningWeb(StreamOptions stream) {
    this(0, InstantSource.fixed(Instant.ofEpochMilli(NOW)), stream);
  }

  /** The token of {@link #withToken}. */
  public static final String TOKEN = "3f1c9a77e05b4d28";

  /** With {@link #TOKEN} for changes. */
  public static RunningWeb withToken(Path folder) {
    return new RunningWeb(tokenFile(folder, TOKEN).toString());
  }

  /** With {@link #TOKEN} for changes, for a browser that looks at it. */
  public static RunningWeb withToken(Path folder, InstantSource clock, StreamOptions stream) {
    return new RunningWeb(options(tokenFile(folder, TOKEN).toString()), clock, stream);
  }

  /** A file with a token, as the relay wants it. */
  public static Path tokenFile(Path folder, String token) {
    try {
      Path file = Files.writeString(folder.resolve("token"), token + "\n");
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another address, or with TLS. */
  public RunningWeb(WebOptions options) {
    this(options, InstantSource.fixed(Instant.ofEpochMilli(NOW)), StreamOptions.DEFAULTS);
  }

  /** With a token for changes, and for pages of these origins. */
  public RunningWeb(String tokenFile, String... origins) {
    this(
        options(tokenFile, origins),
        InstantSource.fixed(Instant.ofEpochMilli(NOW)),
        StreamOptions.DEFAULTS);
  }

  private static WebOptions options(String tokenFile, String... origins) {
    return new WebOptions(
        "127.0.0.1", 0, "127.0.0.1", 0, tokenFile, List.of(origins), WebSecurity.DEFAULTS);
  }

  public RunningWeb(int port, InstantSource clock, StreamOptions stream) {
    this(new WebOptions("127.0.0.1", port, "127.0.0.1", 0), clock, stream);
  }

  private RunningWeb(WebOptions options, InstantSource clock, StreamOptions stream) {
    time = clock.millis() - 100_000;
    web = new WebVerticle(options, registry, clock, stream, settings(options));
    LocalRecords.register(vertx);
    deployment = vertx.deployVerticle(web).await();
    counted = requestsCounted();
  }

  /** Ends the verticle. */
  public void undeploy() {
    vertx.undeploy(deployment).await();
  }

  private Set<Meter.Id> requestsCounted() {
    return registry.find("relay.http.requests").counters().stream()
        .map(Counter::getId)
        .collect(Collectors.toSet());
  }

  private static List<EffectiveSetting> settings(WebOptions options) {
    List<EffectiveSetting> settings = new ArrayList<>(SETTINGS);
    if (!options.tokenFile().isEmpty()) {
      settings.add(new EffectiveSetting("http.token-file", options.tokenFile(), "test"));
    }
    return settings;
  }

  /** Applies commands, then tells the state as the journal does. */
  public RunningWeb apply(Command... commands) {
    Set<String> changed = new HashSet<>();
    for (Command command : commands) {
      RelayState.Applied applied = state.apply(command);
      state = applied.state();
      changed.addAll(applied.environmentIds());
      index += 2;
    }
    return tell(changed);
  }

  /** Tells a change of these environments that changed nothing. */
  public RunningWeb tellOf(Set<String> environmentIds) {
    index += 2;
    return tell(environmentIds);
  }

  /** Tells the state and waits until the verticle has it. */
  public RunningWeb tell() {
    return tell(Set.of());
  }

  private RunningWeb tell(Set<String> environmentIds) {
    publish(BusAddresses.ENVIRONMENT_CHANGED, new StateChanged(index, state, environmentIds, time));
    until(() -> registry.get("relay.journal.index").gauge().value() == index);
    return this;
  }

  /** Tells who leads and waits until the verticle knows. */
  public RunningWeb leader(boolean leading, String id) {
    publish(BusAddresses.LEADERSHIP_CHANGED, new Leadership(leading, 3, id));
    String said = id.isEmpty() ? "no leader is known" : id + " leads";
    until(() -> management("/health/ready").body().contains(said));
    return this;
  }

  /** What is told from now on happened at that time, ms since epoch. */
  public RunningWeb at(long millis) {
    time = millis;
    return this;
  }

  /** Sends a record to everybody on this host. */
  public void publish(String address, Object record) {
    vertx.eventBus().publish(address, record, LocalRecords.LOCAL);
  }

  /** Answers with this record from now on, in place of any before it. */
  public RunningWeb answer(String address, Object record) {
    MessageConsumer<Object> before = answers.remove(address);
    if (before != null) {
      before.unregister().await();
    }
    answers.put(
        address,
        vertx
            .eventBus()
            .localConsumer(address, message -> message.reply(record, LocalRecords.LOCAL)));
    return this;
  }

  private static void until(Callable<Boolean> condition) {
    Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(condition);
  }

  public RunningWeb settings(PublishingSettings settings) {
    return apply(new Command.SettingsChanged(settings, time));
  }

  public EnvironmentEvent.Builder event(String id, EventType type) {
    time += 10;
    return EnvironmentEvent.builder(id, type, time).eventId("event " + time);
  }

  /** An environment that has come as far as CONFIGURED. */
  public RunningWeb configured(String id, boolean publish, String... detectors) {
    return apply(
        event(id, EventType.CREATED)
            .detectors(List.of(detectors))
            .runType("PHYSICS")
            .kafkaEnabled(publish)
            .build(),
        event(id, EventType.ENTERED).transition(Transition.DEPLOY).build(),
        event(id, EventType.ENTERED).transition(Transition.CONFIGURE).build());
  }

  public RunningWeb running(String id, long run, boolean publish, String... detectors) {
    configured(id, publish, detectors);
    return apply(
        event(id, EventType.BEFORE).transition(Transition.START_ACTIVITY).runNumber(run).build(),
        event(id, EventType.ENTERED).transition(Transition.START_ACTIVITY).runNumber(run).build());
  }

  public HttpResponse<String> post(String path, String body, String... headers) {
    return send(
        "POST", web.listening().port(), path, HttpRequest.BodyPublishers.ofString(body), headers);
  }

  public HttpResponse<String> send(String method, int port, String path, String... headers) {
    return send(method, port, path, HttpRequest.BodyPublishers.noBody(), headers);
  }

  private HttpResponse<String> send(
      String method, int port, String path, HttpRequest.BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (port == web.listening().port()) {
        contract.check(method, path, answer);
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  public HttpResponse<String> get(String path, String... headers) {
    return send("GET", web.listening().port(), path, headers);
  }

  public JsonObject json(String path) {
    return new JsonObject(get(path).body());
  }

  public JsonObject environment(String id) {
    return json("/api/v1/environments/" + encoded(id)).getJsonObject("environment");
  }

  public static String encoded(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }

  public HttpResponse<String> management(String path) {
    return send("GET", web.listening().managementPort(), path);
  }

  /** Sends these characters as they are; the whole answer up to the end of the connection. */
  public String raw(String request) {
    return raw(web.listening().port(), request);
  }

  /** The same to the port of health and metrics. */
  public String rawManagement(String request) {
    return raw(web.listening().managementPort(), request);
  }

  private static String raw(int port, String request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whatever was asked meanwhile is counted by counters that were there from the start. */
  @Override
  public void close() {
    assertThat(counted).containsAll(requestsCounted());
    vertx.close().await();
  }
}
