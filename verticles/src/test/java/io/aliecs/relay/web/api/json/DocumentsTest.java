package io.aliecs.relay.web.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.web.http.Answer;
import io.aliecs.relay.web.state.Snapshot;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Lists are made once for each snapshot and filter, and no more of them are kept than may be. */
class DocumentsTest {
  private static final int ENVIRONMENTS = 300;
  private static final int FILTERS = 120;

  private final Documents documents = new Documents();
  private final RelayState state = state();

  private static RelayState state() {
    List<String> detectors = IntStream.range(0, FILTERS).mapToObj(i -> "D" + i).toList();
    RelayState state = RelayState.EMPTY;
    for (int i = 0; i < ENVIRONMENTS; i++) {
      state =
          state
              .apply(
                  EnvironmentEvent.builder("2env" + i, EventType.CREATED, 1)
                      .eventId("event " + i)
                      .detectors(detectors)
                      .build())
              .state();
    }
    return state;
  }

  private Snapshot snapshot(long version) {
    return new Snapshot(
        version, new StateChanged(version, state, Set.of(), 1), new Leadership(true, 1, "relay-1"));
  }

  private static EnvironmentFilter filter(int detector) {
    return new EnvironmentFilter(null, "D" + detector, null);
  }

  @Test
  void aFilteredListIsMadeOnceForEachSnapshot() {
    Answer first = documents.environments(snapshot(1), filter(1));
    assertThat(documents.environments(snapshot(1), filter(1))).isSameAs(first);
    assertThat(documents.environments(snapshot(2), filter(1))).isNotSameAs(first);
  }

  @Test
  void whoAsksForEachOfManyFiltersDoesNotFillTheMemory() {
    Snapshot one = snapshot(1);
    Answer all = documents.environments(one, EnvironmentFilter.ANY);
    List<Answer> asked =
        IntStream.range(0, FILTERS).mapToObj(i -> documents.environments(one, filter(i))).toList();
    long kept = 0;
    for (int i = 0; i < FILTERS; i++) {
      if (documents.environments(one, filter(i)) == asked.get(i)) {
        kept += asked.get(i).body().length();
      }
    }
    assertThat(kept).isPositive().isLessThanOrEqualTo(4 * 1024 * 1024);
    assertThat(asked.stream().mapToLong(document -> document.body().length()).sum())
        .isGreaterThan(2 * kept);
    assertThat(documents.environments(one, EnvironmentFilter.ANY)).isSameAs(all);
  }
}
