package io.aliecs.relay.host.compare;

import io.aliecs.relay.host.tail.Decoded;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes statements of both sides' records. Remembers the last list of each. Not thread safe. */
final class Statements {
  private final Map<Side, Map<String, EnvInfo>> listed = new EnumMap<>(Side.class);

  /**
   * What the next record of a side states.
   *
   * @param topic its usual name
   * @param recordTime of the record, ms since epoch
   */
  List<Statement> of(Side side, String topic, Decoded value, long recordTime) {
    if (value instanceof Decoded.ActiveRuns list) {
      return changes(side, list.message(), recordTime);
    } else if (value instanceof Decoded.Notification one) {
      EnvInfo env = one.message().getEnvInfo();
      return List.of(statement(side, topic, env, one.message().getTimestamp(), recordTime));
    }
    return List.of();
  }

  private List<Statement> changes(Side side, ActiveRunsList list, long recordTime) {
    Map<String, EnvInfo> now = new LinkedHashMap<>();
    list.getActiveRunsList()
        .forEach(run -> now.put(run.getEnvironmentId() + " " + run.getRunNumber(), run));
    Map<String, EnvInfo> before = listed.getOrDefault(side, Map.of());
    List<Statement> changes = new ArrayList<>();
    before.forEach(
        (key, run) -> {
          if (!now.containsKey(key)) {
            changes.add(statement(side, Statement.UNLISTED, run, list.getTimestamp(), recordTime));
          }
        });
    now.forEach(
        (key, run) -> {
          if (!before.containsKey(key)) {
            changes.add(statement(side, Statement.LISTED, run, list.getTimestamp(), recordTime));
          }
        });
    listed.put(side, now);
    return changes;
  }

  private static Statement statement(
      Side side, String kind, EnvInfo env, long messageTime, long recordTime) {
    return new Statement(
        side,
        kind,
        env.getEnvironmentId(),
        env.hasRunNumber() ? Integer.toUnsignedString(env.getRunNumber()) : "",
        env.getRunType(),
        env.getState(),
        env.getDetectorsList(),
        messageTime,
        recordTime);
  }
}
