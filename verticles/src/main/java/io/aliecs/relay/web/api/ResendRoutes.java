package io.aliecs.relay.web.api;

import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.command.Command.ResendRequested;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.web.http.Answer;
import io.aliecs.relay.web.http.Audit;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.JsonBody;
import io.aliecs.relay.web.http.Problem;
import io.aliecs.relay.web.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;

/** Publishes once more what a reader has lost, when a person asks for it with the token. */
public record ResendRoutes(JournalClient journal, InstantSource clock) implements Feature {
  static final String LIST = ApiRoutes.RUNS + "/resend";
  static final String ENVIRONMENT = ApiRoutes.ENVIRONMENT + "/resend";

  private static final long BODY_LIMIT = 4 * 1024;
  private static final Set<String> FIELDS = Set.of("requestId", "by");
  private static final String BODY =
      " (expected: {\"requestId\": \"…\", \"by\": \"…\"}, or no body)";
  private static final int LONGEST_BY = 256;

  @Override
  public void mount(Routes routes) {
    routes.change(HttpMethod.POST, LIST, BODY_LIMIT, context -> resend(asked(context, "")));
    routes.change(
        HttpMethod.POST,
        ENVIRONMENT,
        BODY_LIMIT,
        context -> resend(asked(context, context.pathParam("id"))));
  }

  private ResendRequested asked(RoutingContext context, String environmentId) {
    JsonObject body = JsonBody.optional(context, FIELDS, BODY);
    String id = JsonBody.text(body, "requestId", ResendRequested.LONGEST_ID);
    String by = JsonBody.text(body, "by", LONGEST_BY);
    if (!by.isEmpty()) {
      Audit.by(context, by);
    }
    return new ResendRequested(
        id.isEmpty() ? UUID.randomUUID().toString() : id, environmentId, clock.millis());
  }

  private Future<Answer> resend(ResendRequested request) {
    return journal
        .request(request)
        .map(reply -> answer(request, reply))
        .otherwise(
            failure ->
                Answer.problem(
                    503,
                    failure.getMessage()
                        + " (expected: a leader; repeat with requestId "
                        + Problem.shown(request.requestId())
                        + ")"));
  }

  private static Answer answer(ResendRequested request, TransitionReply reply) {
    if (reply.verdict() == Verdict.UNKNOWN_ENVIRONMENT) {
      return Answer.problem(
          404,
          "environment: "
              + Problem.shown(request.environmentId())
              + " is not tracked, or has ended (expected: an id from "
              + ApiRoutes.ENVIRONMENTS
              + ")");
    }
    return reply.verdict().isAccepted()
        ? Answer.json(
            202,
            new JsonObject()
                .put("requestId", request.requestId())
                .put("verdict", reply.verdict().name()))
        : Answer.problem(409, reply.reason());
  }
}
