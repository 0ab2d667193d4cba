package io.aliecs.relay.web.http;

import io.aliecs.relay.text.LogFields;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Every change that was allowed, done or not, with who asked and from where: a line in the log for
 * each, and the last {@value #KEPT} of this process to be shown. Never what was in a request beyond
 * its path and the name. For one event loop.
 */
public final class Audit {
  public static final int KEPT = 50;

  private static final Logger LOG = LoggerFactory.getLogger("audit");
  private static final String WHO = "who";
  private static final String ENVIRONMENTS = "/api/v1/environments/";
  private static final int LONGEST_TEXT = 256;

  private final InstantSource clock;
  private final Deque<JsonObject> newestFirst = new ArrayDeque<>();

  public Audit(InstantSource clock) {
    this.clock = clock;
  }

  /** Names who asks for a change. */
  public static void by(RoutingContext context, String who) {
    context.put(WHO, who);
  }

  /** A change was answered. */
  void answered(RoutingContext context) {
    String who = context.get(WHO);
    String method = context.request().method().name();
    String path = context.request().path();
    String from = IpAddress.of(context.request().remoteAddress()).digits();
    int status = context.response().getStatusCode();
    line(path.startsWith(ENVIRONMENTS) ? context.pathParam("id") : null)
        .log(
            "{} {} from {}{}: {}",
            method,
            Problem.shown(path),
            from,
            who == null ? "" : " by " + Problem.shown(who),
            status);
    newestFirst.addFirst(
        new JsonObject()
            .put("timestamp", clock.millis())
            .put("method", method)
            .put("path", cut(path))
            .put("from", from)
            .put("by", cut(who))
            .put("status", status));
    if (newestFirst.size() > KEPT) {
      newestFirst.removeLast();
    }
  }

  private static LoggingEventBuilder line(@Nullable String environmentId) {
    LoggingEventBuilder line = LOG.atInfo();
    return environmentId == null ? line : LogFields.about(line, environmentId, null);
  }

  private static @Nullable String cut(@Nullable String text) {
    return text == null || text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }

  /** The last ones, newest first. */
  public JsonArray last() {
    JsonArray changes = new JsonArray();
    newestFirst.forEach(change -> changes.add(change.copy()));
    return changes;
  }
}
