package io.aliecs.relay.host.compare;

import com.google.protobuf.InvalidProtocolBufferException;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes statements of one side's records. Remembers its last list. Not thread safe. */
final class Statements {
  private final Side side;
  private Map<String, EnvInfo> listed = Map.of();

  Statements(Side side) {
    this.side = side;
  }

  /**
   * What the next record says.
   *
   * @param topic its usual name
   * @param written its time, ms since epoch
   * @throws InvalidProtocolBufferException when it is no message of that topic
   */
  List<Statement> of(String topic, byte @Nullable [] value, long written)
      throws InvalidProtocolBufferException {
    if (value == null) {
      throw new InvalidProtocolBufferException("no value (a tombstone)");
    }
    if (topic.equals(Topics.ACTIVE_RUNS)) {
      return changes(ActiveRunsList.parseFrom(value), written);
    }
    NewStateNotification message = NewStateNotification.parseFrom(value);
    if (!message.hasEnvInfo()) {
      throw new InvalidProtocolBufferException("a notification without envInfo");
    }
    return List.of(statement(topic, message.getEnvInfo(), message.getTimestamp(), written));
  }

  private List<Statement> changes(ActiveRunsList list, long written) {
    Map<String, EnvInfo> now = new LinkedHashMap<>();
    list.getActiveRunsList()
        .forEach(run -> now.put(run.getEnvironmentId() + " " + run.getRunNumber(), run));
    List<Statement> changes = new ArrayList<>();
    listed.forEach(
        (key, run) -> {
          if (!now.containsKey(key)) {
            changes.add(statement(Statement.UNLISTED, run, list.getTimestamp(), written));
          }
        });
    now.forEach(
        (key, run) -> {
          if (!listed.containsKey(key)) {
            changes.add(statement(Statement.LISTED, run, list.getTimestamp(), written));
          }
        });
    listed = now;
    return changes;
  }

  private Statement statement(String kind, EnvInfo env, long said, long written) {
    return new Statement(
        side,
        kind,
        env.getEnvironmentId(),
        env.hasRunNumber() ? Integer.toUnsignedString(env.getRunNumber()) : "",
        env.getRunType(),
        env.getState(),
        env.getDetectorsList(),
        said,
        written);
  }
}
