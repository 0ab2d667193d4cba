package io.aliecs.relay.lab.bench.delivery;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * An environment that goes back and forth between DEPLOYED and CONFIGURED: every second change is
 * an entered state, with its notification and its list. For one thread at a time.
 */
final class BenchEnvironment {
  /** A topic that its changes are published on. */
  static final String DEPLOYED = "aliecs.env_state.DEPLOYED";

  private final String id;
  private int steps;

  BenchEnvironment(String id) {
    this.id = id;
  }

  /** Its creation. */
  JsonObject created() {
    return event("CREATED")
        .put("detectors", new JsonArray().add("ITS").add("TPC").add("TOF"))
        .put("runType", "PHYSICS")
        .put("kafkaEnabled", true);
  }

  /** The next change. */
  JsonObject next() {
    int step = steps++;
    boolean first = step < 2;
    boolean up = step % 4 == 2 || step % 4 == 3;
    return event(step % 2 == 0 ? "LEAVING" : "ENTERED")
        .put("transition", first ? "DEPLOY" : up ? "CONFIGURE" : "RESET");
  }

  /** The way of a created one to a run: the last of these enters RUNNING. */
  List<JsonObject> started(long runNumber) {
    List<JsonObject> events = new ArrayList<>();
    for (String transition : List.of("DEPLOY", "CONFIGURE", "START_ACTIVITY")) {
      boolean starts = transition.equals("START_ACTIVITY");
      if (starts) {
        events.add(moved("BEFORE", transition).put("runNumber", runNumber));
      }
      events.add(moved("LEAVING", transition));
      events.add(moved("ENTERED", transition));
    }
    return events;
  }

  private JsonObject moved(String moment, String transition) {
    JsonObject event = event(moment).put("transition", transition);
    steps++;
    return event;
  }

  private JsonObject event(String moment) {
    return new JsonObject()
        .put("eventId", id + "-" + steps + "-" + moment)
        .put("environmentId", id)
        .put("moment", moment);
  }
}
