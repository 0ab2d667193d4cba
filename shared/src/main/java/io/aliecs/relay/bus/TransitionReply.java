package io.aliecs.relay.bus;

import io.aliecs.relay.domain.command.Verdict;
import io.vertx.core.json.JsonObject;

/**
 * The event is safe: it survives the death of every process.
 *
 * @param verdict what became of it; always an accepted one
 * @param reason why nothing had to be done, empty otherwise
 */
public record TransitionReply(Verdict verdict, String reason) {

  /** As a JSON sender gets it. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("version", EventMessages.VERSION)
        .put("verdict", verdict.name())
        .put("reason", reason);
  }
}
