package io.aliecs.relay.lab.bench;

import io.aliecs.relay.lab.Samples;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.verify.Verification;
import io.aliecs.relay.lab.verify.plan.Fault;
import io.aliecs.relay.lab.verify.plan.VerifyOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * From {@code kill -9} of the leader of three hosts to the first message of its successor, as
 * {@code relay verify --fault kill-leader} times it while it checks that delivery is exact.
 */
final class TakeOverBench {
  private TakeOverBench() {}

  /** Runs it, and adds a line to {@code takeover.csv}; fails when delivery was not exact. */
  static void run(Path history, int rounds) throws Exception {
    Path data = Files.createTempDirectory("takeover-bench").resolve("verify");
    Samples times =
        Verification.recoveries(
            new VerifyOptions(
                Fault.KILL_LEADER,
                3,
                rounds,
                2,
                20,
                10,
                4,
                false,
                Optional.empty(),
                1,
                data,
                Map.of()));
    new History(history, "takeover")
        .line()
        .with("rounds", rounds)
        .with("p50_s", times.quantile(0.5))
        .with("p99_s", times.quantile(0.99))
        .with("max_s", times.quantile(1))
        .add();
  }
}
