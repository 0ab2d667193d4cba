package io.aliecs.relay.lab.simulate;

import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.proto.control.EnvironmentInfo;
import io.aliecs.relay.testkit.FakeCore;
import org.jspecify.annotations.Nullable;

/**
 * The environments that a simulated AliECS core has and reports over gRPC; each change is made here
 * before it is on the event stream. Thread safe.
 *
 * @param core null where nobody asks
 */
public record SimulatedCore(@Nullable FakeCore core) {
  /** Nobody remembers. */
  public static final SimulatedCore NONE = new SimulatedCore(null);

  /**
   * It has that environment.
   *
   * @param runNumber 0 when it has no run
   * @param transition the one that is under way, empty when there is none
   */
  public void put(EnvironmentSetup setup, String state, long runNumber, String transition) {
    if (core == null) {
      return;
    }
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

  /** It does not have that environment any more. */
  public void remove(String environmentId) {
    if (core != null) {
      core.remove(environmentId);
    }
  }

  /** It has just started and has none. */
  public void clear() {
    if (core != null) {
      core.clear();
    }
  }
}
