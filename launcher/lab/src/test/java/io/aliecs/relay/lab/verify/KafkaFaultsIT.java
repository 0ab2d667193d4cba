package io.aliecs.relay.lab.verify;

import io.aliecs.relay.lab.verify.plan.Fault;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kafka dies, stands still, is away, slow and cut off. */
@Tag("faults")
class KafkaFaultsIT {
  @ParameterizedTest
  @EnumSource(names = {"KILL_KAFKA", "SUSPEND_KAFKA", "OUTAGE", "SLOW_KAFKA", "CUT_KAFKA"})
  void deliveryIsExactUnder(Fault fault, @TempDir Path data) throws Exception {
    ExactDelivery.assertExactUnder(fault, data);
  }
}
