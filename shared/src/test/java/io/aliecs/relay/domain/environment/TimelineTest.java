package io.aliecs.relay.domain.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static TimelineEntry step(String eventId) {
    return new TimelineEntry(
        eventId,
        1,
        EventType.ENTERED,
        null,
        State.DEPLOYED,
        null,
        false,
        true,
        0,
        List.of(),
        null,
        "");
  }

  private static Timeline of(int steps) {
    Timeline timeline = Timeline.EMPTY;
    for (int i = 0; i < steps; i++) {
      timeline = timeline.plus(step("event-" + i));
    }
    return timeline;
  }

  @Test
  void keepsTheLastStepsInTheirOrderAndKnowsTheseAlone() {
    Timeline timeline = of(Timeline.LIMIT + 3);

    assertThat(timeline)
        .extracting(TimelineEntry::eventId)
        .containsExactlyElementsOf(
            IntStream.range(3, Timeline.LIMIT + 3).mapToObj(i -> "event-" + i).toList());
    assertThat(timeline.knows("event-3")).isTrue();
    assertThat(timeline.knows("event-2")).isFalse();
  }

  @Test
  void tellsEventsOfOneHashApart() {
    Timeline timeline = Timeline.EMPTY.plus(step("Aa"));

    assertThat("BB").hasSameHashCodeAs("Aa");
    assertThat(timeline.knows("Aa")).isTrue();
    assertThat(timeline.knows("BB")).isFalse();
  }

  @Test
  void isTheSameWhetherGrownOrReadBackAndIsNotChangedByWhatIsAdded() {
    Timeline grown = of(Timeline.LIMIT);
    List<TimelineEntry> before = List.copyOf(grown);
    Timeline more = grown.plus(step("more"));

    assertThat(grown).isEqualTo(before).isEqualTo(Timeline.of(before));
    assertThat(more).isEqualTo(Timeline.of(List.copyOf(more)));
  }
}
