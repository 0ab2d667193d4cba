package io.aliecs.relay.lab.verify.check.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.proto.control.EnvironmentInfo;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CoreTruthTest {
  private final CoreTruth truth =
      CoreTruth.of(
          List.of(
              told("2run", "RUNNING", 7, "true"),
              told("2secret", "RUNNING", 8, "false"),
              told("2idle", "CONFIGURED", 0, "true"),
              told("2leaving", "DONE", 0, "true")));

  private static EnvironmentInfo told(String id, String state, int run, String enabled) {
    return EnvironmentInfo.newBuilder()
        .setId(id)
        .setState(state)
        .setCurrentRunNumber(run)
        .putVars("run_type", "PHYSICS")
        .putVars("kafka_enabled", enabled)
        .addAllIncludedDetectors(List.of("TPC", "ITS"))
        .build();
  }

  private static JsonObject shown(String id, String state, Long run, String... detectors) {
    return new JsonObject()
        .put("environmentId", id)
        .put("state", state)
        .put("runNumber", run)
        .put("runType", "PHYSICS")
        .put("detectors", new JsonArray(List.of((Object[]) detectors)));
  }

  private static EnvInfo listed(String id, int run) {
    return EnvInfo.newBuilder()
        .setEnvironmentId(id)
        .setState("RUNNING")
        .setRunNumber(run)
        .setRunType("PHYSICS")
        .addAllDetectors(List.of("ITS", "TPC"))
        .build();
  }

  @Test
  void whatIsShownAgreesWhenEachEnvironmentIsThereAsTheCoreHasIt() {
    assertThat(
            truth.differences(
                Optional.of(
                    List.of(
                        shown("2run", "RUNNING", 7L, "ITS", "TPC"),
                        shown("2secret", "RUNNING", 8L, "TPC", "ITS"),
                        shown("2idle", "CONFIGURED", null, "TPC", "ITS")))))
        .isEmpty();
  }

  @Test
  void whatIsShownDiffersInStateRunDetailsOrInWhatIsThere() {
    assertThat(
            truth.differences(
                Optional.of(
                    List.of(
                        shown("2run", "RUNNING", 6L, "ITS", "TPC"),
                        shown("2secret", "RUNNING", 8L, "ITS"),
                        shown("2ghost", "DEPLOYED", null, "ITS")))))
        .hasSize(4)
        .anySatisfy(text -> assertThat(text).startsWith("2ghost: ").endsWith("absent)"))
        .anySatisfy(text -> assertThat(text).startsWith("2idle: absent"));
    assertThat(truth.differences(Optional.empty())).isNotEmpty();
  }

  @Test
  void onlyPublishedRunsAreToBeListed() {
    assertThat(truth.differencesOfList(List.of(listed("2run", 7)))).isEmpty();
    assertThat(truth.differencesOfList(List.of())).hasSize(1);
    assertThat(truth.differencesOfList(List.of(listed("2run", 7), listed("2secret", 8))))
        .hasSize(1);
  }
}
