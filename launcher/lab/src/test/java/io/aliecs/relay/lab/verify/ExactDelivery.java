package io.aliecs.relay.lab.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.verify.plan.Fault;
import io.aliecs.relay.lab.verify.plan.VerifyOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The packaged relay under faults, briefly; {@code relay verify} does the same for longer. */
final class ExactDelivery {
  private static final int ROUNDS = 1;

  private ExactDelivery() {}

  static void assertExactUnder(Fault fault, Path data) throws Exception {
    FaultResult verdict =
        Verification.run(
            new VerifyOptions(
                fault,
                fault.hosts(),
                ROUNDS,
                2,
                20,
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
    assertThat(verdict.report().resent()).isPositive();
  }
}
