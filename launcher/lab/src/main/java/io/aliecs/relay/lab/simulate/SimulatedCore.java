package io.aliecs.relay.lab.simulate;

import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.proto.control.EnvironmentInfo;
import io.aliecs.relay.testkit.FakeCore;
import org.jspecify.annotations.Nullable;

/** What a simulation remembers, as an AliECS core tells it over gRPC. Thread safe. */
public record SimulatedCore(FakeCore core) implements CoreMemory {

  @Override
  public void put(EnvironmentSetup setup, String state, long runNumber, String transition) {
    EnvironmentInfo known = core.environments().get(setup.environmentId());
    long now = System.currentTimeMillis();
    core.put(
        EnvironmentInfo.newBuilder()
            .setId(setup.environmentId())
            .setCreatedWhen(known == null ? now : known.getCreatedWhen())
            .setState(state)
            .setRootRole(setup.workflow())
            .setCurrentRunNumber((int) runNumber)
            .putVars("run_type", setup.runType())
            .putVars("kafka_enabled", String.valueOf(setup.kafkaEnabled()))
            .putUserVars("enter_state_time_ms", enteredAt(known, state, now))
            .addAllIncludedDetectors(setup.detectors())
            .setCurrentTransition(transition)
            .build());
  }

  private static String enteredAt(@Nullable EnvironmentInfo known, String state, long now) {
    return known != null && known.getState().equals(state)
        ? known.getUserVarsOrThrow("enter_state_time_ms")
        : String.valueOf(now);
  }

  @Override
  public void remove(String environmentId) {
    core.remove(environmentId);
  }

  @Override
  public void clear() {
    core.clear();
  }
}
