package io.aliecs.relay.lab.verify;

import io.aliecs.relay.lab.verify.plan.Fault;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The relay is killed, also while it is switched and moved, and what it reads restarts or has
 * holes.
 */
@Tag("faults")
class HostFaultsIT {
  @ParameterizedTest
  @EnumSource(names = {"KILL_RELAY", "KILL_TOGGLE", "KILL_MOVE", "RESTART_CORE", "LOSE_EVENTS"})
  void deliveryIsExactUnder(Fault fault, @TempDir Path data) throws Exception {
    ExactDelivery.assertExactUnder(fault, data);
  }
}
