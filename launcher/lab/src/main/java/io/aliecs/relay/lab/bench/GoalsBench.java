package io.aliecs.relay.lab.bench;

import io.aliecs.relay.host.terminal.Aligned;
import io.aliecs.relay.lab.bench.delivery.DeliveryBench;
import io.aliecs.relay.lab.bench.delivery.SourceBench;
import io.aliecs.relay.lab.bench.delivery.StartBench;
import io.aliecs.relay.lab.bench.figures.Goal;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.bench.web.HttpBench;
import io.aliecs.relay.lab.bench.web.StreamBench;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Every figure that has a goal, one bench after the other, and what has become of the goals. */
record GoalsBench(Path history, boolean quick) {
  private static final int SPREAD = 5;

  /** Runs all, and prints the table. */
  static void run(Path history, boolean quick) throws Exception {
    new GoalsBench(history, quick).measure();
    table(history).forEach(System.out::println);
  }

  private void measure() throws Exception {
    ConfigBench.run(history, quick ? 200 : 1_000, quick ? 0 : 10_000);
    DeliveryBench.run(history, quick ? 1 : 10, 1);
    DeliveryBench.run(history, quick ? 1 : 10, 3);
    SourceBench.run(history, quick ? 300 : 2_000);
    StartBench.run(history, quick ? 300 : 8_000);
    TakeOverBench.run(history, quick ? 3 : 30);
    StartupBench.run(history, quick ? 1 : 5);
    HttpBench.run(history, quick ? 3 : 7, quick ? 2 : 5);
    StreamBench.run(history, quick ? 2_000 : 10_000, quick ? 10 : 30);
  }

  /** A line for each goal: the newest figure, and what the last ones were between. */
  static List<String> table(Path history) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("", "figure", "goal", "", "last " + SPREAD));
    for (Goal goal : Goal.read(GoalsBench.class, "goals.csv")) {
      List<Double> all = goal.figures(history);
      List<Double> last = all.subList(Math.max(0, all.size() - SPREAD), all.size());
      rows.add(last.isEmpty() ? row(goal) : row(goal, last));
    }
    return Aligned.lines(rows);
  }

  private static List<String> row(Goal goal) {
    return List.of(goal.what(), "-", goal.text(), "not measured", "");
  }

  private static List<String> row(Goal goal, List<Double> last) {
    double newest = last.get(last.size() - 1);
    double least = last.stream().mapToDouble(Double::doubleValue).min().orElse(newest);
    double most = last.stream().mapToDouble(Double::doubleValue).max().orElse(newest);
    return List.of(
        goal.what(),
        History.text(newest),
        goal.text(),
        goal.isMetBy(newest) ? "met" : "missed",
        History.text(least) + " to " + History.text(most));
  }
}
