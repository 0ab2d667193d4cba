package io.aliecs.relay.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader whose process is gone is replaced long before a timeout would notice. */
@Tag("slow")
class LeaderLossTest {
  private static final String[] ALL = {"a", "b", "c"};
  private static final Duration TIMEOUT = Duration.ofSeconds(8);

  @TempDir Path folder;

  @Test
  void aHostLeadsAtOnceWhenTheLeaderHasEnded() throws Exception {
    try (ClusterFixture cluster = new ClusterFixture(folder).withElectionTimeout(TIMEOUT)) {
      for (String id : ALL) {
        cluster.start(id, ALL);
      }
      String leader = cluster.awaitLeader(ALL);
      for (String id : ALL) {
        cluster.awaitWhole(id);
      }
      String[] left = Stream.of(ALL).filter(id -> !id.equals(leader)).toArray(String[]::new);
      cluster.stop(leader);
      long ended = System.nanoTime();

      String next = cluster.awaitLeader(left);

      assertThat(Duration.ofNanos(System.nanoTime() - ended)).isLessThan(TIMEOUT);
      cluster.create(next, "one");
    }
  }
}
