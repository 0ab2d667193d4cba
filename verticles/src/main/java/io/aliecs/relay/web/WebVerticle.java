package io.aliecs.relay.web;

import io.aliecs.relay.settings.EffectiveSetting;
import io.aliecs.relay.settings.WebOptions;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves active runs and environments over HTTP, and on a port of its own health and metrics.
 *
 * <p>Deploy it once, before the verticle that holds the journal: it answers "not ready" until that
 * one has told a state, and hears who leads from the beginning. It wants {@link
 * io.aliecs.relay.bus.LocalRecords} registered.
 */
public final class WebVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(WebVerticle.class);

  private final Activity activity = new Activity();
  private final WebOptions options;
  private final PrometheusMeterRegistry registry;
  private final InstantSource clock;
  private final StreamOptions streamOptions;
  private final List<EffectiveSetting> settings;
  private @Nullable RelayMetrics metrics;
  private @Nullable RunStream stream;
  private volatile @Nullable Listener http;
  private volatile @Nullable Listener management;

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
  }

  /** Fails with one line for people when an address cannot be bound. */
  @Override
  public Future<?> start() {
    StateFeed feed = new StateFeed(vertx);
    RelayMetrics gauges = new RelayMetrics(registry, feed, clock);
    gauges.register();
    metrics = gauges;
    RunStream runs = new RunStream(vertx, streamOptions, registry, clock);
    stream = runs;
    feed.listen(runs::accept);
    feed.listen(snapshot -> activity.observe(snapshot.changed(), clock.millis()));
    return feed.start()
        .compose(subscribed -> OpenApi.read(vertx))
        .compose(openApi -> Page.read(vertx).compose(page -> listenApi(feed, runs, page, openApi)))
        .compose(bound -> listenManagement(feed))
        .onSuccess(
            bound ->
                LOG.info(
                    "HTTP on {}:{}, health and metrics on {}:{}",
                    options.host(),
                    httpPort(),
                    options.managementHost(),
                    managementPort()))
        .recover(failure -> stop().transform(stopped -> Future.<Void>failedFuture(failure)));
  }

  private Future<Void> listenApi(StateFeed feed, RunStream runs, Page page, Document openApi) {
    Replies replies = new Replies(new RequestCounters(registry, "api"));
    ControlToken token = new ControlToken(vertx, options.tokenFile());
    ParkedRoutes parked = new ParkedRoutes(vertx, feed, replies, token, clock);
    GrafanaRoutes grafana = new GrafanaRoutes(feed, replies);
    ClusterRoutes hosts = new ClusterRoutes(vertx, replies, token);
    ApiRoutes api =
        new ApiRoutes(
            vertx,
            feed,
            replies,
            openApi,
            List.of(parked::mount, grafana::mount, hosts::mount),
            settings,
            activity,
            clock);
    SiteRoutes site = new SiteRoutes(feed, runs, page, replies, api::handle);
    return Listener.listen(
            vertx,
            "http",
            options.host(),
            options.port(),
            CrossOrigin.allow(vertx, options.origins(), replies, site::handle),
            replies)
        .onSuccess(bound -> http = bound)
        .mapEmpty();
  }

  private Future<Void> listenManagement(StateFeed feed) {
    Replies replies = new Replies(new RequestCounters(registry, "management"));
    ManagementRoutes routes =
        new ManagementRoutes(vertx, new Health(feed, new HostStatus(vertx)), registry, replies);
    return Listener.listen(
            vertx,
            "management",
            options.managementHost(),
            options.managementPort(),
            routes::handle,
            replies)
        .onSuccess(bound -> management = bound)
        .mapEmpty();
  }

  @Override
  public Future<?> stop() {
    RelayMetrics gauges = metrics;
    if (gauges != null) {
      gauges.close();
    }
    RunStream runs = stream;
    if (runs != null) {
      runs.close();
    }
    return Future.join(close(http), close(management));
  }

  private static Future<Void> close(@Nullable Listener listener) {
    return listener == null ? Future.succeededFuture() : listener.close();
  }

  /**
   * The port that the API really listens on; from any thread.
   *
   * @throws IllegalStateException before it has started
   */
  public int httpPort() {
    return port(http);
  }

  /**
   * The port that health and metrics really listen on; from any thread.
   *
   * @throws IllegalStateException before it has started
   */
  public int managementPort() {
    return port(management);
  }

  /**
   * Where it really listens, with no port 0; from any thread.
   *
   * @throws IllegalStateException before it has started
   */
  public WebOptions listening() {
    return new WebOptions(
        options.host(),
        httpPort(),
        options.managementHost(),
        managementPort(),
        options.tokenFile(),
        options.origins());
  }

  private static int port(@Nullable Listener listener) {
    if (listener == null) {
      throw new IllegalStateException("not started");
    }
    return listener.port();
  }
}
