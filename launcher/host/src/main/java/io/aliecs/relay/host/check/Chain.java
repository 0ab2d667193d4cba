package io.aliecs.relay.host.check;

import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.host.check.station.ConsulStation;
import io.aliecs.relay.host.check.station.CoreStation;
import io.aliecs.relay.host.check.station.Finding;
import io.aliecs.relay.host.check.station.HostsStation;
import io.aliecs.relay.host.check.station.KafkaStation;
import io.aliecs.relay.host.check.station.PublishedStation;
import io.aliecs.relay.host.check.station.RelayStation;
import io.aliecs.relay.host.check.station.SourceStation;
import io.aliecs.relay.host.settings.RelaySettings;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The stations behind the settings, in their order. Those that need nothing of each other are
 * looked at side by side, and none is waited for beyond {@link #LONGEST}. Blocks.
 */
final class Chain implements AutoCloseable {
  static final Duration LONGEST = Duration.ofSeconds(15);

  private static final String NO_BROKERS = "which brokers are meant is in Consul, and not known";

  private final Vertx vertx;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "relay-check");
            thread.setDaemon(true);
            return thread;
          });

  Chain(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Looks at none of them, as the settings are not good. */
  static List<Finding> skipped() {
    return List.of("consul", "kafka", "source", "core", "hosts", "relay", "published").stream()
        .map(id -> Finding.skipped(id, id + ": not before the settings of this host are right"))
        .toList();
  }

  /**
   * Looks at all of them.
   *
   * @param report takes what was found at each, in their order
   */
  void look(RelaySettings settings, Consumer<List<Finding>> report) throws InterruptedException {
    long begun = System.nanoTime();
    ConsulStation consul = ConsulStation.look(vertx, settings.consul());
    report.accept(consul.findings());
    for (Map.Entry<String, CompletableFuture<List<Finding>>> station :
        stations(settings, consul.inForce()).entrySet()) {
      report.accept(await(station.getKey(), station.getValue(), begun));
    }
  }

  private Map<String, CompletableFuture<List<Finding>>> stations(
      RelaySettings settings, Optional<PublishingSettings> inForce) {
    List<String> publishTo = inForce.map(PublishingSettings::bootstrapServers).orElse(List.of());
    CompletableFuture<List<Finding>> kafka =
        publishTo.isEmpty()
            ? done(
                Finding.skipped(
                    "kafka",
                    "brokers: " + (inForce.isEmpty() ? NO_BROKERS : "none is set, see consul.off")))
            : begin(new KafkaStation(publishTo, settings.publisher(), threads)::look);
    Map<String, CompletableFuture<List<Finding>>> stations = new LinkedHashMap<>();
    stations.put("kafka", kafka);
    stations.put("source", source(settings, inForce, publishTo, kafka));
    stations.put("core", begin(new CoreStation(vertx, settings.reconcile())::look));
    stations.put("hosts", begin(new HostsStation(settings.journal(), threads)::look));
    stations.put("relay", begin(new RelayStation(settings.web())::look));
    stations.put(
        "published",
        behind(
            kafka,
            new PublishedStation(publishTo, settings.publisher())::look,
            () -> PublishedStation.skipped("Kafka is not asked, see above")));
    return stations;
  }

  private CompletableFuture<List<Finding>> source(
      RelaySettings settings,
      Optional<PublishingSettings> inForce,
      List<String> publishTo,
      CompletableFuture<List<Finding>> kafka) {
    if (!settings.ingest().enabled()) {
      return done(Finding.skipped("source", "AliECS's stream: ingest.enabled is false"));
    }
    String own = settings.ingest().bootstrapServers();
    List<String> readFrom =
        own.isBlank()
            ? inForce.map(PublishingSettings::sourceServers).orElse(List.of())
            : Arrays.stream(own.split(",")).map(String::strip).toList();
    if (readFrom.isEmpty()) {
      return done(Finding.skipped("source", "AliECS's stream: " + NO_BROKERS));
    }
    if (inForce.isPresent() && !inForce.get().streamEnabled()) {
      return done(Finding.skipped("source", "AliECS's stream: enableKafka is false"));
    }
    Callable<List<Finding>> look = new SourceStation(readFrom, settings.ingest(), threads)::look;
    return readFrom.equals(publishTo)
        ? behind(
            kafka,
            look,
            () ->
                List.of(Finding.skipped("source", "AliECS's stream: the same brokers, see above")))
        : begin(look);
  }

  /** What needs the brokers of another station. */
  private CompletableFuture<List<Finding>> behind(
      CompletableFuture<List<Finding>> kafka,
      Callable<List<Finding>> look,
      Callable<List<Finding>> otherwise) {
    return kafka.thenApplyAsync(
        found ->
            call(
                found.stream().anyMatch(f -> f.id().equals("kafka.login") && f.isGood())
                    ? look
                    : otherwise),
        threads);
  }

  private CompletableFuture<List<Finding>> begin(Callable<List<Finding>> look) {
    return CompletableFuture.supplyAsync(() -> call(look), threads);
  }

  private static CompletableFuture<List<Finding>> done(Finding finding) {
    return CompletableFuture.completedFuture(List.of(finding));
  }

  private static List<Finding> call(Callable<List<Finding>> look) {
    try {
      return look.call();
    } catch (Exception unexpected) {
      throw new CompletionException(unexpected);
    }
  }

  private static List<Finding> await(
      String station, CompletableFuture<List<Finding>> found, long begun)
      throws InterruptedException {
    try {
      long left = LONGEST.toNanos() - (System.nanoTime() - begun);
      return found.get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      return List.of(
          Finding.failed(
              station,
              station,
              "no result yet",
              "one within " + LONGEST.toSeconds() + " s for all",
              "look at what is behind it, or at the network on the way"));
    } catch (ExecutionException unexpected) {
      return List.of(
          Finding.failed(
              station, station, String.valueOf(unexpected.getCause()), "a result", "report it"));
    }
  }

  /** Leaves what is under way. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
