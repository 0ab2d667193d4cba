package io.aliecs.relay.lab.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.verify.plan.Fault;
import io.aliecs.relay.lab.verify.plan.VerifyOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The packaged relay under faults, briefly; {@code relay verify} does the same for longer. */
@Tag("alone")
class DeliveryIT {
  private static final int ROUNDS = 2;

  @ParameterizedTest
  @EnumSource(
      names = {
        "KILL_RELAY",
        "KILL_KAFKA",
        "SUSPEND_KAFKA",
        "OUTAGE",
        "SLOW_KAFKA",
        "CUT_KAFKA",
        "KILL_TOGGLE",
        "KILL_MOVE",
        "RESTART_CORE",
        "LOSE_EVENTS"
      })
  @Timeout(600)
  void isExactUnder(Fault fault, @TempDir Path data) throws Exception {
    Verdict verdict =
        Verification.run(
            new VerifyOptions(
                fault,
                fault.hosts(),
                ROUNDS,
                2,
                50,
                10,
                4,
                fault == Fault.OUTAGE,
                Optional.empty(),
                1,
                data.resolve("verify"),
                Map.of()),
            line -> System.out.println(fault + " " + line),
            () -> {});

    assertThat(verdict.report().findings()).isEmpty();
    assertThat(verdict.mishaps()).isEmpty();
    assertThat(verdict.recoveries()).hasSize(ROUNDS);
    assertThat(verdict.report().expected()).isPositive();
  }
}
