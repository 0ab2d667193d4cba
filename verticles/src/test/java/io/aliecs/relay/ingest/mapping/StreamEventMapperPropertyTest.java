package io.aliecs.relay.ingest.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.ingest.Upstream;
import io.aliecs.relay.proto.events.Ev_EnvironmentEvent;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.proto.events.OpStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class StreamEventMapperPropertyTest {
  private static final List<Event> LIFE = new Upstream("2oDvieFrVTi").untilRunning(7);

  @Property
  void anyBytesGiveAResult(@ForAll @Size(max = 200) byte[] value, @ForAll long timestamp) {
    assertIsHandled(
        StreamEventMapper.map(
            at(StreamEventMapper.ENVIRONMENTS), timestamp, value, Workflows.USUAL));
    assertIsHandled(
        StreamEventMapper.map(at(StreamEventMapper.RUNS), timestamp, value, Workflows.USUAL));
  }

  @Property
  void truncatedEventsGiveAResult(@ForAll int pick, @ForAll @IntRange(max = 400) int length) {
    byte[] whole = LIFE.get(Math.floorMod(pick, LIFE.size())).toByteArray();
    byte[] cut = Arrays.copyOf(whole, Math.min(length, whole.length));

    assertIsHandled(
        StreamEventMapper.map(at(StreamEventMapper.ENVIRONMENTS), 1, cut, Workflows.USUAL));
  }

  @Property
  void mutatedEventsGiveAResult(@ForAll int pick, @ForAll int place, @ForAll byte other) {
    byte[] value = LIFE.get(Math.floorMod(pick, LIFE.size())).toByteArray();
    value[Math.floorMod(place, value.length)] = other;

    assertIsHandled(
        StreamEventMapper.map(at(StreamEventMapper.ENVIRONMENTS), 1, value, Workflows.USUAL));
  }

  @Property
  void anyFieldsGiveAResult(
      @ForAll @StringLength(max = 600) String id,
      @ForAll @StringLength(max = 600) String text,
      @ForAll OpStatus status,
      @ForAll int run,
      @ForAll long timestamp) {
    if (status == OpStatus.UNRECOGNIZED) {
      return;
    }
    for (String step : List.of("", "leave_RUNNING", "enter_DONE", "after_CREATE", text)) {
      Event event =
          Event.newBuilder()
              .setTimestamp(timestamp)
              .setEnvironmentEvent(
                  Ev_EnvironmentEvent.newBuilder()
                      .setEnvironmentId(id)
                      .setTransition(text)
                      .setTransitionStep(step)
                      .setTransitionStatus(status)
                      .setState("STANDBY")
                      .setRunNumber(run)
                      .putAllVars(Map.of("detectors", text, "run_type", text)))
              .build();

      assertIsHandled(
          StreamEventMapper.map(
              at(StreamEventMapper.ENVIRONMENTS), 1, event.toByteArray(), Workflows.USUAL));
    }
  }

  private static void assertIsHandled(MappingResult mapped) {
    if (mapped instanceof MappingResult.Event told) {
      assertThat(RelayState.EMPTY.apply(told.event())).isNotNull();
      assertThat(told.event().eventId()).hasSizeBetween(1, 256);
    } else if (mapped instanceof MappingResult.Malformed malformed) {
      assertThat(malformed.reason()).isNotEmpty().hasSizeLessThan(400).doesNotContain("\n");
    }
  }

  private static SourcePosition at(String topic) {
    return new SourcePosition(new SourcePartition(topic, 0), 0);
  }
}
