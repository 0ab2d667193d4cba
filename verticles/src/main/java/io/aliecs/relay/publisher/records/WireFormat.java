package io.aliecs.relay.publisher.records;

import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;

/** Domain values as the wire has them. */
final class WireFormat {
  private WireFormat() {}

  static EnvInfo envInfo(EnvironmentInfo info) {
    EnvInfo.Builder wire =
        EnvInfo.newBuilder()
            .setEnvironmentId(info.environmentId())
            .setState(info.state().name())
            .addAllDetectors(info.detectors())
            .setEnterStateTimestamp(info.enteredAt());
    if (info.runNumber() != null) {
      wire.setRunNumber(info.runNumber().intValue());
    }
    if (info.runType() != null) {
      wire.setRunType(info.runType());
    }
    return wire.build();
  }

  /**
   * The value of a notification.
   *
   * @param timestamp ms since epoch
   */
  static byte[] notification(EnvironmentInfo info, long timestamp) {
    return NewStateNotification.newBuilder()
        .setEnvInfo(envInfo(info))
        .setTimestamp(timestamp)
        .build()
        .toByteArray();
  }
}
