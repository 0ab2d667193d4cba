package io.aliecs.relay.web.api;

import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.command.Command.ResendRequested;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.web.http.Audit;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.JsonBody;
import io.aliecs.relay.web.http.Problem;
import io.aliecs.relay.web.http.Replies;
import io.aliecs.relay.web.http.Routes;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;

/** Publishes once more what a reader has lost, when a person asks for it with the token. */
public record ResendRoutes(JournalClient journal, Replies replies, InstantSource clock)
    implements Feature {
  static final String LIST = ApiRoutes.RUNS + "/resend";
  static final String ENVIRONMENT = ApiRoutes.ENVIRONMENT + "/resend";

  private static final long BODY_LIMIT = 4 * 1024;
  private static final Set<String> FIELDS = Set.of("requestId", "by");
  private static final String BODY =
      " (expected: {\"requestId\": \"…\", \"by\": \"…\"}, or no body)";
  private static final int LONGEST_BY = 256;

  @Override
  public void mount(Routes routes) {
    routes.change(HttpMethod.POST, LIST, BODY_LIMIT, context -> resend(context, LIST, ""));
    routes.change(
        HttpMethod.POST,
        ENVIRONMENT,
        BODY_LIMIT,
        context -> resend(context, ENVIRONMENT, context.pathParam("id")));
  }

  private void resend(RoutingContext context, String route, String environmentId) {
    replies
        .asked(context.request(), route, () -> asked(context, environmentId))
        .ifPresent(request -> resend(context, route, request));
  }

  private ResendRequested asked(RoutingContext context, String environmentId) {
    JsonObject body =
        context.body().isEmpty() ? new JsonObject() : JsonBody.of(context, FIELDS, BODY);
    String id = JsonBody.text(body, "requestId", ResendRequested.LONGEST_ID);
    String by = JsonBody.text(body, "by", LONGEST_BY);
    if (!by.isEmpty()) {
      Audit.by(context, by);
    }
    return new ResendRequested(
        id.isEmpty() ? UUID.randomUUID().toString() : id, environmentId, clock.millis());
  }

  private void resend(RoutingContext context, String route, ResendRequested request) {
    journal
        .request(request)
        .onSuccess(reply -> answer(context, route, request, reply))
        .onFailure(
            failure ->
                problem(
                    context,
                    route,
                    503,
                    failure.getMessage()
                        + " (expected: a leader; repeat with requestId "
                        + Problem.shown(request.requestId())
                        + ")"));
  }

  private void answer(
      RoutingContext context, String route, ResendRequested request, TransitionReply reply) {
    String shown = Problem.shown(request.environmentId());
    if (reply.verdict() == Verdict.UNKNOWN_ENVIRONMENT) {
      String expected =
          " is not tracked, or has ended (expected: an id from " + ApiRoutes.ENVIRONMENTS + ")";
      problem(context, route, 404, "environment: " + shown + expected);
    } else if (!reply.verdict().isAccepted()) {
      problem(context, route, 409, reply.reason());
    } else {
      JsonObject taken =
          new JsonObject()
              .put("requestId", request.requestId())
              .put("verdict", reply.verdict().name());
      replies.json(context.request(), route, 202, taken);
    }
  }

  private void problem(RoutingContext context, String route, int status, String detail) {
    replies.problem(context.request(), route, new Problem(status, detail));
  }
}
