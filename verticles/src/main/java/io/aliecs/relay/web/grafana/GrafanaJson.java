package io.aliecs.relay.web.grafana;

import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The answers that dashboards know from ALICE's web server for active environments, in the form of
 * InfluxDB 1. Pure functions of the published list.
 */
final class GrafanaJson {
  private static final List<String> TAG = List.of("key", "value");
  private static final List<String> RUN =
      List.of("time", "Env ID", "Run number", "Detectors", "State", "Run type");

  private GrafanaJson() {}

  /**
   * The answer to some statements; to a single one that has none, nothing at all.
   *
   * @param list the published list in its order
   */
  static JsonObject answer(List<GrafanaQuery> statements, List<EnvironmentInfo> list) {
    JsonArray results = new JsonArray();
    for (GrafanaQuery statement : statements) {
      JsonObject series = series(statement, list);
      if (series == null && statements.size() == 1) {
        return new JsonObject();
      }
      JsonObject result = new JsonObject().put("statement_id", results.size());
      results.add(series == null ? result : result.put("series", new JsonArray().add(series)));
    }
    return new JsonObject().put("results", results);
  }

  private static @Nullable JsonObject series(GrafanaQuery statement, List<EnvironmentInfo> list) {
    Long run = statement.run();
    return switch (statement.kind()) {
      case POLICIES -> null;
      case MEASUREMENTS ->
          series(
              "measurements",
              List.of("name"),
              Stream.of("active_runs", "detectors", "runs").map(List::of));
      case RUNS -> series("env_active", TAG, runs(list));
      case DETECTORS ->
          run == null
              ? null
              : series("detectors", TAG, of(run, list).flatMap(GrafanaJson::detectors));
      case RUN -> run == null ? null : series("env", RUN, of(run, list).map(GrafanaJson::row));
    };
  }

  private static Stream<List<String>> runs(List<EnvironmentInfo> list) {
    return list.isEmpty()
        ? Stream.of(List.of("run", "0")) // a dashboard's variable must have some value
        : list.stream().map(info -> List.of("run", String.valueOf(info.runNumber())));
  }

  private static Stream<EnvironmentInfo> of(long run, List<EnvironmentInfo> list) {
    return list.stream().filter(info -> info.runNumber() != null && info.runNumber() == run);
  }

  private static Stream<List<String>> detectors(EnvironmentInfo info) {
    return info.detectors().stream()
        .map(detector -> List.of("detector", detector.toLowerCase(Locale.ROOT)));
  }

  private static List<?> row(EnvironmentInfo info) {
    Long number = info.runNumber();
    String type = info.runType();
    return List.of(
        info.enteredAt(),
        info.environmentId(),
        number == null ? 0 : number,
        String.join(" ", info.detectors()),
        info.state().name(),
        type == null ? "" : type);
  }

  private static JsonObject series(
      String name, List<String> columns, Stream<? extends List<?>> rows) {
    JsonArray values = new JsonArray();
    rows.forEach(row -> values.add(new JsonArray(row)));
    return new JsonObject()
        .put("name", name)
        .put("columns", new JsonArray(columns))
        .put("values", values);
  }
}
