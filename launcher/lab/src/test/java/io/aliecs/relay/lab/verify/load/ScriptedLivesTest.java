package io.aliecs.relay.lab.verify.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.simulate.SimulatedCore;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.aliecs.relay.lab.verify.expected.ExpectedChange;
import io.aliecs.relay.proto.kafka.EnvInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ScriptedLivesTest {
  private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);
  private final ScriptedLives lives =
      new ScriptedLives(
          3, 12, () -> Instant.ofEpochMilli(millis.incrementAndGet()), SimulatedCore.NONE);

  @Test
  void aCoreThatStartsEndsEveryRunOfTheOneBeforeAndNothingOfItsOwn() {
    for (int crash = 0; crash < 50; crash++) {
      List<ExpectedChange> before = new ArrayList<>();
      for (int step = 0; step < 60; step++) {
        before.addAll(lives.next().changes());
      }
      before.addAll(lives.crash().changes());
      before.addAll(lives.marker().changes());

      ScriptedLives.Step start = lives.startCore();

      assertThat(start.events()).extracting(SimulatedEvent::topic).containsExactly("aliecs.core");
      long at = start.events().get(0).event().getTimestamp();
      Map<String, EnvInfo> active = new HashMap<>();
      Set<String> seen = new HashSet<>();
      before.forEach(change -> active.put(change.environmentId(), change.run()));
      start.changes().forEach(change -> seen.add(change.environmentId()));
      active.values().removeIf(run -> run == null);
      assertThat(seen).containsAll(active.keySet());
      assertThat(start.changes())
          .hasSize(seen.size())
          .allSatisfy(
              change -> {
                assertThat(change.timestamp()).isEqualTo(at);
                assertThat(change.run()).isNull();
                assertThat(change.listed()).isTrue();
                assertThat(change.messages().get(change.messages().size() - 1).topic())
                    .isEqualTo("aliecs.env_state.UNKNOWN");
              });
      Set<String> next = new HashSet<>();
      for (int step = 0; step < 30; step++) {
        next.add(lives.next().environmentId());
      }
      assertThat(next).doesNotContainAnyElementsOf(seen);
    }
  }

  @Test
  void aCoreThatDiesWritesAPartOfWhatItDoes() {
    Set<Integer> written = new HashSet<>();
    for (int crash = 0; crash < 100; crash++) {
      lives.next();
      written.add(lives.crash().events().size());
      lives.startCore();
    }
    assertThat(written).contains(0).hasSizeGreaterThan(4);
  }
}
