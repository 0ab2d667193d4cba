package io.aliecs.relay.lab.dev;

import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.host.AddedCommand;
import io.aliecs.relay.host.service.Foreground;
import io.aliecs.relay.host.service.Relay;
import io.aliecs.relay.host.settings.RelaySettings;
import io.aliecs.relay.host.settings.SettingSources;
import io.aliecs.relay.host.terminal.Terminal;
import io.aliecs.relay.lab.HostJvm;
import io.aliecs.relay.lab.simulate.AliEcsTopics;
import io.aliecs.relay.lab.simulate.SimulatedCore;
import io.aliecs.relay.lab.simulate.Simulation;
import io.aliecs.relay.lab.simulate.SimulationOptions;
import io.aliecs.relay.settings.SettingsStatus;
import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.web.state.HostStatus;
import io.aliecs.relay.web.state.HostStatus.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code relay dev}: everything embedded in one process, for a first look. */
@Command(
    name = "dev",
    description = "Runs everything in one process: Kafka, Consul, the relay, simulated AliECS.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:stopped in order", "1:not started, or not stopped in order", "2:usage"})
public final class DevCommand implements AddedCommand {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final long ASK_AGAIN_MS = 50;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data/dev",
      description = "Folder of Kafka, Consul and the journal (default: ${DEFAULT-VALUE}).")
  Path data = Path.of("data/dev");

  @Option(
      names = "--http-port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "HTTP interface (default: ${DEFAULT-VALUE}, 0: any free port).")
  int httpPort;

  @Option(
      names = "--management-port",
      paramLabel = "N",
      defaultValue = "8081",
      description = "Health and metrics (default: ${DEFAULT-VALUE}, 0: any free port).")
  int managementPort;

  @Option(
      names = "--kafka-port",
      paramLabel = "N",
      defaultValue = "9092",
      description = "Kafka (default: ${DEFAULT-VALUE}, 0: any free port).")
  int kafkaPort;

  @Option(
      names = "--consul-port",
      paramLabel = "N",
      defaultValue = "8500",
      description = "Consul (default: ${DEFAULT-VALUE}, 0: any free port).")
  int consulPort;

  @Option(
      names = "--core-port",
      paramLabel = "N",
      defaultValue = "32102",
      description =
          "The simulated AliECS core (default: ${DEFAULT-VALUE}, 0: any free port); a POST to its"
              + " /restart has it crash and start anew.")
  int corePort;

  @Option(
      names = "--hosts",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Control hosts (default: ${DEFAULT-VALUE}); more than one are processes of their own,"
              + " their ports two apart.")
  int hosts;

  @Option(
      names = "--no-simulate",
      negatable = false,
      description = "Without simulated environments.")
  boolean noSimulate;

  private final Vertx vertx = Vertx.vertx();
  private final List<String> lines = new ArrayList<>();
  private String page = "";
  private @Nullable EmbeddedServices services;
  private @Nullable Relay relay;
  private @Nullable DevHosts others;
  private @Nullable Simulation simulation;

  @Override
  public Integer call() throws Exception {
    try {
      start();
      Foreground.await(
          vertx,
          this::stop,
          STOP_LIMIT,
          () -> lines.forEach(line -> System.out.println(Terminal.fitted(line))));
      return 0;
    } catch (Exception e) {
      Foreground.stop(vertx, this::stop, STOP_LIMIT);
      throw e;
    }
  }

  private void start() throws Exception {
    if (hosts < 1 || hosts > DevHosts.MOST) {
      throw new IllegalArgumentException(
          "--hosts: " + hosts + " (expected: 1 to " + DevHosts.MOST + ")");
    }
    // What hosts would refuse, before anything starts.
    SettingSources.collect(null, System.getenv(), Map.of());
    // One name for a folder: a process that was left behind is recognised by it.
    Path folder = data.toAbsolutePath().normalize();
    EmbeddedServices started =
        EmbeddedServices.start(vertx, folder, kafkaPort, consulPort, corePort);
    services = started;
    // Only now that the folder is ours; before that they may hold the ports.
    DevHosts.endLeftBehind(folder);
    for (int host = 0; host < hosts; host++) {
      EmbeddedServices.requireFree("--http-port", port(httpPort, host));
      EmbeddedServices.requireFree("--management-port", port(managementPort, host));
    }
    started.seed();
    AliEcsTopics.create(started.bootstrapServers(), 1);
    if (hosts == 1) {
      startHere(started, folder);
    } else {
      startOthers(started, folder);
    }
    if (!noSimulate) {
      simulation = simulate(started);
    }
    lines.add("open " + page + " in a browser; Ctrl-C ends this");
  }

  private static Simulation simulate(EmbeddedServices started) {
    long seed = Instant.now().getEpochSecond();
    Simulation running =
        Simulation.start(
            SimulationOptions.of(started.bootstrapServers(), seed, seed % 1_000_000),
            new SimulatedCore(started.core()));
    started.core().onRestart(running::restartCore);
    return running;
  }

  /** Hosts are two ports apart: that of the interface and that of health and metrics. */
  private static int port(int first, int host) {
    return first == 0 ? 0 : first + 2 * host;
  }

  private void startHere(EmbeddedServices started, Path folder) throws Exception {
    Relay running = Foreground.get(Relay.start(vertx, settings(started, folder)), START_LIMIT);
    relay = running;
    Foreground.get(publishing(new HostStatus(vertx)), START_LIMIT);
    int http = running.listening().port();
    page = page(http);
    lines.add(ready(started, http, running.listening().managementPort()));
  }

  /** Completes when AliECS's stream is read, and Kafka is published to or publishing is off. */
  private Future<Void> publishing(HostStatus host) {
    var ingest = host.ingest();
    var publisher = host.publisher();
    var settings = host.settings();
    return Future.all(ingest, publisher, settings)
        .compose(
            all ->
                is(ingest.result(), "reading")
                        && (is(publisher.result(), "publishing") || isOff(settings.result()))
                    ? Future.succeededFuture()
                    : vertx
                        .timer(ASK_AGAIN_MS, TimeUnit.MILLISECONDS)
                        .compose(again -> publishing(host)));
  }

  private static boolean is(Reply<ComponentStatus> asked, String state) {
    return asked.status().filter(status -> status.state().equals(state)).isPresent();
  }

  private static boolean isOff(Reply<SettingsStatus> asked) {
    return asked
        .status()
        .filter(now -> now.established() && !now.inForce().pluginEnabled())
        .isPresent();
  }

  private void startOthers(EmbeddedServices started, Path folder) throws Exception {
    DevHosts running = new DevHosts(vertx);
    others = running;
    Map<String, Integer> journals =
        JournalPorts.of(folder, IntStream.range(0, hosts).mapToObj(DevHosts::id).toList());
    String list =
        journals.entrySet().stream()
            .map(entry -> entry.getKey() + "=127.0.0.1:" + entry.getValue())
            .collect(Collectors.joining(","));
    for (int host = 0; host < hosts; host++) {
      String id = DevHosts.id(host);
      int http = httpPort == 0 ? FreePort.find() : port(httpPort, host);
      page = host == 0 ? page(http) : page;
      int management = managementPort == 0 ? FreePort.find() : port(managementPort, host);
      Map<String, String> flags = flags(started, http, management);
      flags.put("cluster.hosts", list);
      flags.put("cluster.plain-text", "true");
      running.start(id, management, folder, flags, started.consulAddress());
      lines.add(host == 0 ? ready(started, http, management) : id + " " + urls(http, management));
    }
    Foreground.get(running.ready(), START_LIMIT);
    lines.addAll(running.lines());
  }

  private static String ready(EmbeddedServices started, int http, int management) {
    return "ready "
        + urls(http, management)
        + " kafka="
        + started.bootstrapServers()
        + " consul="
        + started.consulAddress()
        + " core="
        + started.core().address();
  }

  private static String page(int http) {
    return "http://127.0.0.1:" + http + "/";
  }

  private static String urls(int http, int management) {
    return "http=http://127.0.0.1:" + http + " management=http://127.0.0.1:" + management;
  }

  private Map<String, String> flags(EmbeddedServices started, int http, int management) {
    Map<String, String> flags = new HashMap<>();
    flags.put("http.port", Integer.toString(http));
    flags.put("management.port", Integer.toString(management));
    flags.put("kafka.topic.replication-factor", "1");
    // AliECS's stream of this Kafka is all ours: what a simulation wrote while we were away counts.
    flags.put("ingest.history", "publish");
    if (!noSimulate) { // else the core has no environments
      flags.put("aliecs.core", started.core().address());
    }
    return flags;
  }

  private RelaySettings settings(EmbeddedServices embedded, Path folder) {
    Map<String, String> flags = flags(embedded, httpPort, managementPort);
    flags.put("data.dir", folder.toString());
    Map<String, String> environment = new HashMap<>(System.getenv());
    HostJvm.setConsul(environment, embedded.consulAddress());
    return RelaySettings.of(SettingSources.collect(null, System.getenv(), flags), environment);
  }

  private Future<Void> stop() {
    Simulation simulated = simulation;
    DevHosts apart = others;
    EmbeddedServices embedded = services;
    if (apart != null) {
      apart.startNoneAgain();
    }
    Future<Void> quiet =
        simulated == null
            ? Future.succeededFuture()
            : EmbeddedServices.blocking(vertx, simulated::close);
    return quiet
        .eventually(() -> relay == null ? Future.succeededFuture() : relay.stop())
        .eventually(() -> apart == null ? Future.succeededFuture() : apart.stop())
        .eventually(() -> embedded == null ? Future.succeededFuture() : embedded.stop());
  }
}
