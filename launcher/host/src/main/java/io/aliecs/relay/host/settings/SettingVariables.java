package io.aliecs.relay.host.settings;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The environment variables that are the relay's: of settings, and a few that others read. */
final class SettingVariables {
  private static final int NEAREST = 3;

  /** Read by the script {@code relay}, by the log and by what tests need, as no setting. */
  private static final Set<String> NO_SETTINGS =
      Set.of(
          "RELAY_CONSUL",
          "RELAY_FAKETIME",
          "RELAY_JAVA_OPTS",
          "RELAY_KAFKA_LOG",
          "RELAY_LOG",
          "RELAY_RATIS_LOG");

  private static final Set<String> KNOWN =
      Stream.of(
              Arrays.stream(Setting.values()).map(Setting::variable),
              Setting.RETIRED.stream().map(Setting::variable),
              NO_SETTINGS.stream())
          .flatMap(names -> names)
          .collect(Collectors.toUnmodifiableSet());

  private SettingVariables() {}

  /**
   * Refuses what looks like one of them and is none: ignored, a mistyped one would change nothing
   * and say nothing.
   *
   * @throws IllegalArgumentException naming the variable and those that are spelled most like it
   */
  static void requireKnown(Map<String, String> environment) {
    environment.keySet().stream()
        .filter(name -> name.startsWith(Setting.VARIABLE_PREFIX) && !KNOWN.contains(name))
        .sorted()
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  name
                      + " (environment): no such variable (expected: one such as "
                      + String.join(", ", nearest(name))
                      + ", see conf/relay.yaml)");
            });
  }

  private static List<String> nearest(String name) {
    return KNOWN.stream()
        .sorted(
            Comparator.<String>comparingInt(known -> edits(known, name))
                .thenComparing(Comparator.naturalOrder()))
        .limit(NEAREST)
        .toList();
  }

  /** How many characters have to be put in, taken out or changed (Levenshtein). */
  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
