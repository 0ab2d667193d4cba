package io.aliecs.relay.publisher.records;

import com.google.protobuf.CodedOutputStream;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.OutboxMessage.ActiveRuns;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The list of active runs as the last list has it, in its order, each run encoded once. Follows the
 * differences in the outbox, so that a change costs no more than the bytes of the list. Not thread
 * safe.
 */
final class ActiveRunsView {
  private final Map<String, EnvironmentInfo> byEnvironment = new HashMap<>();
  private final TreeMap<EnvironmentInfo, EnvInfo> ordered =
      new TreeMap<>(EnvironmentInfo.LIST_ORDER);

  ActiveRunsView(Collection<EnvironmentInfo> runs) {
    runs.forEach(this::put);
  }

  void follow(ActiveRuns difference) {
    if (difference.endedEnvironmentId() != null) {
      remove(difference.endedEnvironmentId());
    }
    if (difference.started() != null) {
      put(difference.started());
    }
  }

  private void put(EnvironmentInfo run) {
    remove(run.environmentId());
    byEnvironment.put(run.environmentId(), run);
    ordered.put(run, WireFormat.envInfo(run));
  }

  private void remove(String environmentId) {
    EnvironmentInfo known = byEnvironment.remove(environmentId);
    if (known != null) {
      ordered.remove(known);
    }
  }

  /**
   * The bytes of an {@code ActiveRunsList}.
   *
   * @param timestamp ms since epoch
   */
  byte[] encode(long timestamp) {
    int size =
        CodedOutputStream.computeUInt64Size(ActiveRunsList.TIMESTAMP_FIELD_NUMBER, timestamp);
    for (EnvInfo run : ordered.values()) {
      size += CodedOutputStream.computeMessageSize(ActiveRunsList.ACTIVERUNS_FIELD_NUMBER, run);
    }
    byte[] bytes = new byte[size];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      for (EnvInfo run : ordered.values()) {
        out.writeMessage(ActiveRunsList.ACTIVERUNS_FIELD_NUMBER, run);
      }
      out.writeUInt64(ActiveRunsList.TIMESTAMP_FIELD_NUMBER, timestamp);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes;
  }
}
