package io.aliecs.relay.ingest.mapping;

import static io.aliecs.relay.domain.command.EnvironmentEvent.MAX_DETECTORS;
import static io.aliecs.relay.domain.command.EnvironmentEvent.MAX_NAME;

import io.aliecs.relay.ingest.mapping.MappingResult.Warning;
import io.aliecs.relay.text.Printable;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a new environment. One that cannot be read is left out with a warning: the
 * environment counts more than its variables.
 */
public final class CreationVariables {
  private static final String DETECTORS = "detectors";
  private static final String RUN_TYPE = "run_type";
  private static final String ENTERED_AT = "enter_state_time_ms";

  /** Those that a warning can name. */
  public static final List<String> CHECKED = List.of(DETECTORS, RUN_TYPE, ENTERED_AT);

  private static final int MAX_DETECTORS_TEXT = 64 * 1024;

  private final Map<String, String> variables;
  private final List<Warning> warnings;

  CreationVariables(Map<String, String> variables, List<Warning> warnings) {
    this.variables = variables;
    this.warnings = warnings;
  }

  /** Those that can be read, in their order; null when none can be, or there are none. */
  @Nullable List<String> detectors() {
    String text = variables.get(DETECTORS);
    if (text == null) {
      warn(DETECTORS, "absent", "a JSON array of names");
      return null;
    }
    if (text.length() > MAX_DETECTORS_TEXT) {
      warn(DETECTORS, text.length() + " characters", "at most " + MAX_DETECTORS_TEXT);
      return null;
    }
    try {
      return names(text);
    } catch (DecodeException broken) {
      warn(DETECTORS, text, "a JSON array of names");
      return null;
    }
  }

  private @Nullable List<String> names(String text) {
    if (!(Json.decodeValue(text) instanceof JsonArray array)) {
      warn(DETECTORS, text, "a JSON array of names");
      return null;
    }
    List<String> names = new ArrayList<>();
    for (Object element : array) {
      if (!(element instanceof String name) || name.isEmpty() || name.length() > MAX_NAME) {
        warn(DETECTORS, String.valueOf(element), "a name of 1 to " + MAX_NAME + " characters");
        continue;
      }
      names.add(name);
    }
    if (names.isEmpty() && !array.isEmpty()) {
      return null;
    }
    if (names.size() > MAX_DETECTORS) {
      warn(DETECTORS, names.size() + " names", "at most " + MAX_DETECTORS);
      return null;
    }
    return names;
  }

  /** Null when it is absent or cannot be one. */
  @Nullable String runType() {
    String type = variables.get(RUN_TYPE);
    if (type == null || type.isEmpty()) {
      return null;
    }
    if (type.length() > MAX_NAME) {
      warn(RUN_TYPE, type, "at most " + MAX_NAME + " characters");
      return null;
    }
    return type;
  }

  /** Whether it is exactly {@code true}; null when the environment has no such variable. */
  @Nullable Boolean kafkaEnabled() {
    String enabled = variables.get("kafka_enabled");
    return enabled == null ? null : Boolean.valueOf(enabled.equals("true"));
  }

  /** Ms since epoch; null when it is absent or no such time. */
  @Nullable Long enteredAt() {
    String text = variables.get(ENTERED_AT);
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      long time = Long.parseLong(text);
      if (time > 0) {
        return time;
      }
    } catch (NumberFormatException broken) {
      // noted below, like every other text that is no time
    }
    warn(ENTERED_AT, text, "ms since epoch, above 0");
    return null;
  }

  private void warn(String field, String found, String expected) {
    String shown = Printable.text(found, 80);
    warnings.add(new Warning(field, field + ": \"" + shown + "\" (expected: " + expected + ")"));
  }
}
