package io.aliecs.relay.bus;

import io.aliecs.relay.domain.command.Verdict;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;

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
    Object version = json.getValue("version", EventMessages.VERSION);
    if (!(version instanceof Integer number) || number > EventMessages.VERSION) {
      throw new IllegalArgumentException(
          "version: " + version + " (expected: at most " + EventMessages.VERSION + ")");
    }
    Object verdict = json.getValue("verdict");
    return Arrays.stream(Verdict.values())
        .filter(known -> known.name().equals(verdict))
        .findFirst()
        .map(known -> new TransitionReply(known, String.valueOf(json.getValue("reason", ""))))
        .orElseThrow(
            () -> new IllegalArgumentException("reply: " + json + " (expected: a verdict)"));
  }
}
