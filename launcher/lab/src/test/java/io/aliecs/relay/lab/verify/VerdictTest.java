package io.aliecs.relay.lab.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.verify.check.Finding;
import io.aliecs.relay.lab.verify.check.Finding.Isolation;
import io.aliecs.relay.lab.verify.check.Finding.Kind;
import io.aliecs.relay.lab.verify.check.Report;
import io.aliecs.relay.lab.verify.plan.Fault;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final Report CLEAN = new Report(10, 11, 2, 0, List.of());

  @Test
  void showsWhatWasMeasured() {
    Verdict verdict =
        new Verdict(Fault.KILL_KAFKA, 3, CLEAN, List.of(3_000L, 100L, 1_250L), List.of());
    assertThat(verdict.isClean()).isTrue();
    assertThat(verdict.line())
        .isEqualTo(
            "| kill-kafka | 3 | 10 | 11 | 2 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 1.25 s / 3.00 s / 3.00 s |");
    assertThat(verdict.line().chars().filter(c -> c == '|').count())
        .isEqualTo(
            Verdict.HEADER.lines().findFirst().orElseThrow().chars().filter(c -> c == '|').count());
  }

  @Test
  void isNotCleanWithAFindingOrAMishap() {
    Finding lost = new Finding(Kind.LOST, Isolation.READ_COMMITTED, "e", "missing");
    Report report = new Report(10, 9, 0, 0, List.of(lost));
    assertThat(new Verdict(Fault.NONE, 1, report, List.of(), List.of()).isClean()).isFalse();
    assertThat(new Verdict(Fault.NONE, 1, CLEAN, List.of(), List.of("died")).isClean()).isFalse();
    assertThat(report.examples(1)).containsExactly(lost);
  }
}
