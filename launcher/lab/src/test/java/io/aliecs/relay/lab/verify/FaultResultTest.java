package io.aliecs.relay.lab.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.verify.check.CheckResult;
import io.aliecs.relay.lab.verify.check.Discrepancy;
import io.aliecs.relay.lab.verify.check.Discrepancy.Isolation;
import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.plan.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultResultTest {
  private static final CheckResult CLEAN = new CheckResult(10, 11, 2, 0, List.of());

  @Test
  void showsWhatWasMeasured() {
    FaultResult verdict =
        new FaultResult(Fault.KILL_KAFKA, 3, CLEAN, List.of(3_000L, 100L, 1_250L), List.of());
    assertThat(verdict.isClean()).isTrue();
    assertThat(verdict.line())
        .isEqualTo(
            "| kill-kafka | 3 | 10 | 11 | 2 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 1.25 s / 3.00 s / 3.00 s |");
    assertThat(verdict.line().chars().filter(c -> c == '|').count())
        .isEqualTo(
            FaultResult.HEADER
                .lines()
                .findFirst()
                .orElseThrow()
                .chars()
                .filter(c -> c == '|')
                .count());
  }

  @Test
  void isNotCleanWithAFindingOrAMishap() {
    Discrepancy lost = new Discrepancy(Kind.LOST, Isolation.READ_COMMITTED, "e", "missing");
    CheckResult report = new CheckResult(10, 9, 0, 0, List.of(lost));
    assertThat(new FaultResult(Fault.NONE, 1, report, List.of(), List.of()).isClean()).isFalse();
    assertThat(new FaultResult(Fault.NONE, 1, CLEAN, List.of(), List.of("died")).isClean())
        .isFalse();
    assertThat(report.examples(1)).containsExactly(lost);
  }
}
