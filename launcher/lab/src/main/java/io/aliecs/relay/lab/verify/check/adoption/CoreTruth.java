package io.aliecs.relay.lab.verify.check.adoption;

import io.aliecs.relay.proto.control.EnvironmentInfo;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What AliECS's core has, to compare with what the relay shows and lists: every environment, its
 * state, run, type of run and detectors, and which runs are published. Pure.
 */
public final class CoreTruth {
  private static final String DONE = "DONE";
  private static final String RUNNING = "RUNNING";

  private final Map<String, String> environments;
  private final Map<String, String> published;

  private CoreTruth(Collection<EnvironmentInfo> reported) {
    environments = byId(reported, one -> true);
    published =
        byId(
            reported,
            one ->
                one.getState().equals(RUNNING)
                    && one.getVarsOrDefault("kafka_enabled", "true").equals("true"));
  }

  /** The environments as the core reports them; those that it is about to forget do not count. */
  public static CoreTruth of(Collection<EnvironmentInfo> reported) {
    return new CoreTruth(reported);
  }

  private static Map<String, String> byId(
      Collection<EnvironmentInfo> reported, Predicate<EnvironmentInfo> wanted) {
    return reported.stream()
        .filter(one -> !one.getState().equals(DONE))
        .filter(wanted)
        .collect(Collectors.toMap(EnvironmentInfo::getId, CoreTruth::text));
  }

  private static String text(EnvironmentInfo one) {
    return text(
        one.getState(),
        Integer.toUnsignedLong(one.getCurrentRunNumber()),
        one.getVarsOrDefault("run_type", ""),
        one.getIncludedDetectorsList());
  }

  private static String text(String state, long run, String type, Collection<String> detectors) {
    return state + " " + run + " " + type + " " + new TreeSet<>(detectors);
  }

  /**
   * How that differs from what the relay shows.
   *
   * @param shown as its API has them; empty when it does not answer
   */
  public List<String> differences(Optional<List<JsonObject>> shown) {
    return shown
        .map(
            all ->
                differences(
                    environments,
                    texts(all, one -> one.getString("environmentId"), CoreTruth::text)))
        .orElse(List.of("no answer"));
  }

  private static String text(JsonObject one) {
    List<String> detectors =
        one.getJsonArray("detectors", new JsonArray()).stream().map(String::valueOf).toList();
    return text(
        one.getString("state", ""),
        Objects.requireNonNullElse(one.getLong("runNumber"), 0L),
        Objects.requireNonNullElse(one.getString("runType"), ""),
        detectors);
  }

  /** How what is to be listed differs from the newest list. */
  public List<String> differencesOfList(List<EnvInfo> listed) {
    return differences(published, texts(listed, EnvInfo::getEnvironmentId, CoreTruth::text));
  }

  private static String text(EnvInfo one) {
    return text(
        one.getState(),
        Integer.toUnsignedLong(one.getRunNumber()),
        one.getRunType(),
        one.getDetectorsList());
  }

  private static <T> Map<String, String> texts(
      List<T> all, Function<T, String> id, Function<T, String> text) {
    return all.stream().collect(Collectors.toMap(id, text));
  }

  private static List<String> differences(Map<String, String> expected, Map<String, String> found) {
    List<String> differences = new ArrayList<>();
    Map<String, String> all = new TreeMap<>(expected);
    found.forEach(all::putIfAbsent);
    for (String id : all.keySet()) {
      String one = found.getOrDefault(id, "absent");
      String other = expected.getOrDefault(id, "absent");
      if (!one.equals(other)) {
        differences.add(id + ": " + one + " (expected: " + other + ")");
      }
    }
    return differences;
  }
}
