package io.aliecs.relay.web.management;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * One thing that a health answer speaks of.
 *
 * @param required whether the answer as a whole is DOWN without it
 * @param status UP, DOWN, or ABSENT for a part that does not run on this host
 * @param reason why it is so, for people; may be empty
 */
record Check(String name, boolean required, Status status, String reason) {
  enum Status {
    UP,
    DOWN,
    ABSENT
  }

  static Check required(String name, boolean up, String reason) {
    return new Check(name, true, up ? Status.UP : Status.DOWN, reason);
  }

  static boolean allUp(List<Check> checks) {
    return checks.stream().allMatch(check -> !check.required || check.status == Status.UP);
  }

  static JsonObject toJson(List<Check> checks) {
    JsonArray array = new JsonArray();
    checks.forEach(check -> array.add(check.toJson()));
    return new JsonObject().put("status", allUp(checks) ? "UP" : "DOWN").put("checks", array);
  }

  private JsonObject toJson() {
    return new JsonObject()
        .put("name", name)
        .put("status", status.name())
        .put("required", required)
        .put("reason", reason);
  }
}
