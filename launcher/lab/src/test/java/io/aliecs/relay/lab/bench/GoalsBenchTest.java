package io.aliecs.relay.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.bench.figures.Goal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoalsBenchTest {
  private static final String DELIVERY =
      """
      date,commit,figure,p50_or_rate,p99,ratio_to_bare,cores,load_1m
      2026-01-01,a,accepted to readable ms,9,20,1.50 9.00,2,0.1
      2026-01-02,b,sent to readable ms,9,20,7.00 7.00,2,0.1
      2026-01-03,c,accepted to readable ms,9,20,2.00 3.50,2,0.1
      """;

  @TempDir private Path history;

  @Test
  void theNewestFigureIsComparedWithTheGoalAndTheLastOnesAreItsSpread() throws IOException {
    Files.writeString(history.resolve("delivery.csv"), DELIVERY);

    List<String> table = GoalsBench.table(history);

    assertThat(lineOf(table, "accepted to readable, of bare, p50"))
        .containsExactly("2.00", "≤ 3", "met", "1.50 to 2.00");
    assertThat(lineOf(table, "accepted to readable, of bare, p99"))
        .containsExactly("3.50", "≤ 3", "missed", "3.50 to 9.00");
  }

  @Test
  void whatWasNeverMeasuredIsSaid() throws IOException {
    assertThat(GoalsBench.table(history))
        .hasSize(1 + Goal.read(GoalsBench.class, "goals.csv").size())
        .filteredOn(line -> line.contains("not measured"))
        .hasSize(Goal.read(GoalsBench.class, "goals.csv").size());
  }

  private static String[] lineOf(List<String> table, String what) {
    String line = table.stream().filter(one -> one.startsWith(what)).findFirst().orElseThrow();
    return line.substring(what.length()).strip().split(" {2,}");
  }
}
