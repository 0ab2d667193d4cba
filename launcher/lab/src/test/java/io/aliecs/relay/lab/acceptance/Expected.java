package io.aliecs.relay.lab.acceptance;

import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.util.List;

/** Messages as the contract has them, for one environment; every value is given by the test. */
record Expected(String environmentId, List<String> detectors, String runType) {

  /** A message about a state with no run. */
  String idle(String topic, String state, long enteredAt, long timestamp) {
    return notification(topic, info(state, detectors, enteredAt), timestamp);
  }

  /** A message about a state with a run. */
  String withRun(String topic, String state, long run, long enteredAt, long timestamp) {
    return notification(topic, running(state, run, detectors, enteredAt), timestamp);
  }

  /** This environment's run as a list has it; the test gives the detectors in their order. */
  EnvInfo listed(long run, long enteredAt, String... sorted) {
    return running("RUNNING", run, List.of(sorted), enteredAt).build();
  }

  static String list(long timestamp, EnvInfo... runs) {
    return Published.text(
        "aliecs.env_list.RUNNING",
        "active-runs",
        ActiveRunsList.newBuilder()
            .addAllActiveRuns(List.of(runs))
            .setTimestamp(timestamp)
            .build());
  }

  private String notification(String topic, EnvInfo.Builder info, long timestamp) {
    return Published.text(
        topic,
        environmentId,
        NewStateNotification.newBuilder().setEnvInfo(info).setTimestamp(timestamp).build());
  }

  private EnvInfo.Builder running(String state, long run, List<String> names, long enteredAt) {
    return info(state, names, enteredAt).setRunNumber((int) run).setRunType(runType);
  }

  private EnvInfo.Builder info(String state, List<String> names, long enteredAt) {
    return EnvInfo.newBuilder()
        .setEnvironmentId(environmentId)
        .setState(state)
        .addAllDetectors(names)
        .setEnterStateTimestamp(enteredAt);
  }
}
