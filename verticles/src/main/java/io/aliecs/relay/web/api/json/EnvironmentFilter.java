package io.aliecs.relay.web.api.json;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.Run;
import io.aliecs.relay.web.http.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which environments or runs a request asks for; null stands for any.
 *
 * @param state one it can be in; DONE asks for those that have ended
 * @param detector a detector it holds, in upper case
 * @param runType the type of its run, in upper case
 */
public record EnvironmentFilter(
    @Nullable State state, @Nullable String detector, @Nullable String runType) {
  public static final EnvironmentFilter ANY = new EnvironmentFilter(null, null, null);

  private static final Set<String> NAMES = Set.of("state", "detector", "runType");

  /**
   * The filter in a request's query. States are as they are written; of detectors and run types the
   * case does not matter.
   *
   * @throws Problem.BadRequest naming what was found and what is expected
   */
  public static EnvironmentFilter of(HttpServerRequest request, boolean withState) {
    if (request.query() == null) {
      return ANY;
    }
    for (String name : parameters(request).names()) {
      if (!NAMES.contains(name) || (name.equals("state") && !withState)) {
        throw new Problem.BadRequest(
            "parameter: "
                + Problem.shown(name)
                + " (expected: "
                + (withState ? "state, " : "")
                + "detector or runType)");
      }
    }
    return new EnvironmentFilter(
        state(request.getParam("state")),
        text("detector", request.getParam("detector")),
        text("runType", request.getParam("runType")));
  }

  private static MultiMap parameters(HttpServerRequest request) {
    try {
      return request.params();
    } catch (IllegalArgumentException e) {
      throw new Problem.BadRequest("URL: not well formed (expected: percent-encoded UTF-8)", e);
    }
  }

  private static @Nullable State state(@Nullable String name) {
    if (name == null) {
      return null;
    }
    return State.named(name)
        .filter(state -> state.isLive() || state == State.DONE)
        .orElseThrow(
            () ->
                new Problem.BadRequest(
                    "state: "
                        + Problem.shown(name)
                        + " (expected: one of "
                        + ApiJson.trackedStates()
                        + ", or DONE for those that have ended)"));
  }

  private static @Nullable String text(String name, @Nullable String value) {
    if (value == null) {
      return null;
    }
    if (value.isBlank() || value.length() > EnvironmentEvent.MAX_NAME) {
      throw new Problem.BadRequest(
          name
              + ": "
              + Problem.shown(value)
              + " (expected: 1 to "
              + EnvironmentEvent.MAX_NAME
              + " characters)");
    }
    return value.toUpperCase(Locale.ROOT);
  }

  boolean isAny() {
    return equals(ANY);
  }

  /** Whether it asks for those that have ended. */
  boolean isOfEnded() {
    return state == State.DONE;
  }

  boolean matches(Environment environment) {
    Run run = environment.run();
    String type = run == null ? environment.runType() : run.type();
    return (state == null || isOfEnded() || environment.state() == state)
        && (runType == null || (type != null && type.toUpperCase(Locale.ROOT).equals(runType)))
        && (detector == null
            || environment.detectors().stream()
                .anyMatch(name -> name.toUpperCase(Locale.ROOT).equals(detector)));
  }
}
