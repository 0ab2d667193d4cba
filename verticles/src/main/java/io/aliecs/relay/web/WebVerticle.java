package io.aliecs.relay.web;

import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.settings.EffectiveSetting;
import io.aliecs.relay.web.api.Activity;
import io.aliecs.relay.web.api.ApiRoutes;
import io.aliecs.relay.web.api.ClusterRoutes;
import io.aliecs.relay.web.api.EndRoutes;
import io.aliecs.relay.web.api.ParkedRoutes;
import io.aliecs.relay.web.api.ResendRoutes;
import io.aliecs.relay.web.api.Schema;
import io.aliecs.relay.web.api.TransitionRoutes;
import io.aliecs.relay.web.grafana.GrafanaRoutes;
import io.aliecs.relay.web.http.Audit;
import io.aliecs.relay.web.management.Health;
import io.aliecs.relay.web.management.ManagementRoutes;
import io.aliecs.relay.web.management.RelayMetrics;
import io.aliecs.relay.web.page.Page;
import io.aliecs.relay.web.state.HostStatus;
import io.aliecs.relay.web.state.StateFeed;
import io.aliecs.relay.web.stream.RunStream;
import io.aliecs.relay.web.stream.StreamOptions;
import io.aliecs.relay.web.stream.StreamRoutes;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves active runs and environments over HTTP, and on a port of its own health and metrics.
 *
 * <p>Deploy it once: it answers "not ready" until the journal has a state. It wants {@link
 * io.aliecs.relay.bus.LocalRecords} registered.
 */
public final class WebVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(WebVerticle.class);

  private final Activity activity = new Activity();
  private final WebOptions options;
  private final PrometheusMeterRegistry registry;
  private final InstantSource clock;
  private final Audit audit;
  private final StreamOptions streamOptions;
  private final List<EffectiveSetting> settings;
  private final List<Runnable> atStop = new ArrayList<>();
  private volatile @Nullable Servers servers;

  /**
   * @param registry what {@code /metrics} shows; gets gauges of the state
   * @param settings of this host, to be shown
   */
  public WebVerticle(
      WebOptions options, PrometheusMeterRegistry registry, List<EffectiveSetting> settings) {
    this(options, registry, InstantSource.system(), StreamOptions.DEFAULTS, settings);
  }

  WebVerticle(
      WebOptions options,
      PrometheusMeterRegistry registry,
      InstantSource clock,
      StreamOptions streamOptions,
      List<EffectiveSetting> settings) {
    this.settings = List.copyOf(settings);
    this.streamOptions = streamOptions;
    this.options = options;
    this.registry = registry;
    this.clock = clock;
    this.audit = new Audit(clock);
  }

  /** Fails with one line for people when an address cannot be bound. */
  @Override
  public Future<?> start() {
    servers = new Servers(vertx, options, registry, audit);
    StateFeed feed = new StateFeed(vertx);
    RelayMetrics gauges = new RelayMetrics(registry, feed, clock);
    RunStream runs = new RunStream(vertx, streamOptions, registry, clock);
    atStop.addAll(List.of(gauges::close, runs::close));
    feed.listen(runs::accept);
    feed.listen(snapshot -> activity.observe(snapshot.changed(), clock.millis()));
    return feed.start()
        .compose(subscribed -> listenApi(feed, runs))
        .compose(bound -> servers().deployManagement(management(feed)))
        .onSuccess(bound -> LOG.info("{}", servers()))
        .recover(failure -> stop().transform(stopped -> Future.<Void>failedFuture(failure)));
  }

  private Future<Void> listenApi(StateFeed feed, RunStream runs) {
    JournalClient journal = new JournalClient(vertx);
    ApiRoutes api = new ApiRoutes(vertx, feed, settings, activity, audit, clock);
    Future<Schema> schema = Schema.read(vertx);
    Future<Page> page = Page.read(vertx);
    return Future.all(schema, page)
        .compose(
            read ->
                servers()
                    .listenApi(
                        List.of( // in the order in which they are asked whether a path is theirs
                            new StreamRoutes(feed, runs),
                            api,
                            new ParkedRoutes(journal, feed, clock),
                            new EndRoutes(journal, feed, clock),
                            new ResendRoutes(journal, clock),
                            new ClusterRoutes(vertx),
                            new TransitionRoutes(vertx),
                            schema.result(),
                            new GrafanaRoutes(feed),
                            page.result()),
                        api::shortcut));
  }

  private ManagementRoutes management(StateFeed feed) {
    return new ManagementRoutes(vertx, new Health(feed, new HostStatus(vertx)), registry);
  }

  @Override
  public Future<?> stop() {
    atStop.forEach(Runnable::run);
    atStop.clear();
    Servers open = servers;
    return open == null ? Future.succeededFuture() : open.closeApi();
  }

  /**
   * Where it really listens, with no port 0; from any thread.
   *
   * @throws IllegalStateException before it has started
   */
  public WebOptions listening() {
    return servers().listening();
  }

  private Servers servers() {
    Servers open = servers;
    if (open == null) {
      throw new IllegalStateException("not started");
    }
    return open;
  }
}
