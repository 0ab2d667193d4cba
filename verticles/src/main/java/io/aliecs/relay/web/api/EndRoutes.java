package io.aliecs.relay.web.api;

import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.text.LogFields;
import io.aliecs.relay.web.http.Answer;
import io.aliecs.relay.web.http.Audit;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.JsonBody;
import io.aliecs.relay.web.http.Problem;
import io.aliecs.relay.web.http.Routes;
import io.aliecs.relay.web.state.Snapshot;
import io.aliecs.relay.web.state.StateFeed;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends an environment that AliECS has forgotten, when a person asks for it with the token. */
public record EndRoutes(JournalClient journal, StateFeed feed, InstantSource clock)
    implements Feature {
  static final String END = ApiRoutes.ENVIRONMENT + "/end";

  private static final Logger LOG = LoggerFactory.getLogger(EndRoutes.class);
  private static final long BODY_LIMIT = 4 * 1024;
  private static final Set<String> FIELDS = Set.of("by", "reason");
  private static final String BODY = " (expected: {\"by\": \"…\", \"reason\": \"…\"}, or no body)";
  private static final int LONGEST_BY = 256;
  private static final int LONGEST_REASON = 400;

  @Override
  public void mount(Routes routes) {
    routes.change(HttpMethod.POST, END, BODY_LIMIT, feed.whenKnownLater(this::end));
  }

  private Future<Answer> end(RoutingContext context, Snapshot snapshot) {
    String id = context.pathParam("id");
    Environment environment = snapshot.state().find(id);
    if (environment == null) {
      return Future.succeededFuture(unknown(id));
    }
    if (!environment.state().isLive()) {
      return Future.succeededFuture(
          problem(409, id, "has ended already (expected: one that is tracked)"));
    }
    Command.EnvironmentEnded command = command(context, environment);
    Audit.by(context, command.by());
    return journal
        .request(command)
        .map(reply -> ended(command, reply))
        .otherwise(
            failure -> Answer.problem(503, failure.getMessage() + " (expected: a leader; repeat)"));
  }

  private static Answer ended(Command.EnvironmentEnded command, TransitionReply reply) {
    String id = command.environmentId();
    if (reply.verdict() == Verdict.UNKNOWN_ENVIRONMENT) {
      return unknown(id); // it has ended since we looked
    }
    LogFields.about(LOG.atInfo(), id, null)
        .log("Environment {} has ended: {}", Problem.shown(id), Problem.shown(command.text()));
    return Answer.json(
        200, new JsonObject().put("environmentId", id).put("reason", command.text()));
  }

  private static Answer unknown(String id) {
    return problem(404, id, "is not known (expected: an id from " + ApiRoutes.ENVIRONMENTS + ")");
  }

  private static Answer problem(int status, String id, String what) {
    return Answer.problem(status, "environment: " + Problem.shown(id) + " " + what);
  }

  private Command.EnvironmentEnded command(RoutingContext context, Environment environment) {
    JsonObject body = JsonBody.optional(context, FIELDS, BODY);
    String by = JsonBody.text(body, "by", LONGEST_BY);
    String reason = JsonBody.text(body, "reason", LONGEST_REASON);
    return new Command.EnvironmentEnded(
        environment.id(),
        EndCause.FORGOTTEN,
        reason.isEmpty() ? "" : EndCause.FORGOTTEN.text() + " (" + reason + ")",
        by.isEmpty() ? context.request().remoteAddress().hostAddress() : by,
        Long.MAX_VALUE,
        clock.millis());
  }
}
