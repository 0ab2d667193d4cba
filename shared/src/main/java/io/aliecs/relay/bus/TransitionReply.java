package io.aliecs.relay.bus;

import io.aliecs.relay.domain.Verdict;
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

  /**
   * Reads what a JSON or protobuf sender gets; fields that are not known are skipped.
   *
   * @throws IllegalArgumentException when it is no reply, or one of a newer version
   */
  public static TransitionReply fromJson(JsonObject json) {
    try {
      int version = json.getInteger("version", EventMessages.VERSION);
      if (version > EventMessages.VERSION) {
        throw new IllegalArgumentException(
            "version: " + version + " (expected: at most " + EventMessages.VERSION + ")");
      }
      return new TransitionReply(
          Verdict.valueOf(json.getString("verdict", "")), json.getString("reason", ""));
    } catch (ClassCastException e) {
      throw new IllegalArgumentException("reply: " + json + " (expected: a verdict)", e);
    }
  }
}
