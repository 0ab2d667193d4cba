package io.aliecs.relay.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import org.junit.jupiter.api.Test;

class InFlightWindowTest {
  private static final SourcePartition ENVIRONMENT =
      new SourcePartition(StreamEventMapper.ENVIRONMENTS, 0);
  private static final SourcePartition RUN = new SourcePartition(StreamEventMapper.RUNS, 0);

  private final InFlightWindow window = new InFlightWindow();

  @Test
  void aHeldRunGoesBehindWhatIsReady() {
    window.hold(event(RUN, 3), 100);
    window.add(event(ENVIRONMENT, 8));

    assertThat(window.due(99, told -> true)).isZero();
    assertThat(window.due(100, told -> true)).isEqualTo(1);
    window.release(1);
    assertThat(window.batch(9)).containsExactly(event(ENVIRONMENT, 8), event(RUN, 3));
  }

  @Test
  void runsKeepTheirOrderWhateverTheirTimes() {
    window.hold(event(RUN, 3), 200);
    window.hold(event(RUN, 4), 100);

    assertThat(window.due(150, told -> true)).isZero();
    assertThat(window.due(200, told -> true)).isEqualTo(2);
  }

  @Test
  void aRunWaitsUntilTheEnvironmentEventsOfItsTimeHaveBeenRead() {
    window.hold(event(RUN, 3), 100);

    assertThat(window.due(100, told -> false)).isZero();
    assertThat(window.due(100, told -> told <= 1)).isEqualTo(1);
  }

  @Test
  void whatIsUnderWayOrHeldIsStillNeeded() {
    window.add(event(ENVIRONMENT, 8));
    window.add(event(ENVIRONMENT, 9));
    window.hold(event(RUN, 3), 100);

    assertThat(window.batch(1)).containsExactly(event(ENVIRONMENT, 8));
    assertThat(window.firstNeeded(ENVIRONMENT)).hasValue(8);
    window.sent(1);
    assertThat(window.firstNeeded(ENVIRONMENT)).hasValue(9);
    assertThat(window.firstNeeded(RUN)).hasValue(3);
    window.sent(1);
    assertThat(window.firstNeeded(ENVIRONMENT)).isEmpty();
  }

  @Test
  void isBounded() {
    for (int i = 0; i < 2 * InFlightWindow.LIMIT; i++) {
      assertThat(window.hasRoom()).isTrue();
      window.add(event(ENVIRONMENT, i));
    }
    assertThat(window.hasRoom()).isFalse();
    for (int i = 0; window.hasRoomForRuns() && i < 10_000; i++) {
      window.hold(event(RUN, i), 0);
    }
    assertThat(window.hasRoomForRuns()).isFalse();
  }

  private static EnvironmentEvent event(SourcePartition partition, long offset) {
    return EnvironmentEvent.builder("abc", EventType.OBSERVED, 1)
        .eventId("e" + offset)
        .state(State.STANDBY)
        .observed(true)
        .source(new SourcePosition(partition, offset))
        .build();
  }
}
