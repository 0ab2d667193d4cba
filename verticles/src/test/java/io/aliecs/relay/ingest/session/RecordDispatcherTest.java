package io.aliecs.relay.ingest.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.ingest.Upstream;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import io.aliecs.relay.ingest.stream.InFlightWindow;
import io.aliecs.relay.ingest.stream.IngestMetrics;
import io.aliecs.relay.ingest.stream.IngestOptions.History;
import io.aliecs.relay.ingest.stream.ReaderTiming;
import io.aliecs.relay.ingest.stream.ReplayFilter;
import io.aliecs.relay.ingest.stream.StreamSilence;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.proto.events.OpStatus;
import io.aliecs.relay.retry.Backoff;
import io.aliecs.relay.retry.RateLimitedLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RecordDispatcherTest {
  /** Ahead of the clock: however slow the machine is, what it says is timely. */
  private final Upstream upstream =
      new Upstream("2oDvieFrVTi", System.currentTimeMillis() + 60_000);

  private final RecordDispatcher dispatcher = dispatcher();
  private long offset;

  private static RecordDispatcher dispatcher() {
    IngestMetrics metrics = new IngestMetrics(new SimpleMeterRegistry());
    SessionContext context =
        new SessionContext(
            TestOptions.ingest("", History.TRACK, Duration.ofMinutes(1), TestOptions.PLAIN),
            ReaderTiming.DEFAULT,
            null, // nothing is sent
            metrics,
            new ReaderStatus(Clock.systemUTC()),
            new StreamHealth(
                "kafka:9092", metrics, new StreamSilence(Duration.ofHours(1), Clock.systemUTC())),
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(2), new Random(1)),
            new RateLimitedLog(
                LoggerFactory.getLogger(RecordDispatcherTest.class), System::nanoTime),
            () -> {});
    return new RecordDispatcher(
        context,
        Set.of(new SourcePartition(StreamEventMapper.ENVIRONMENTS, 0)),
        new ReplayFilter(Map.of(), Map.of()));
  }

  @Test
  void aStartWaitsUntilTheEnvironmentsHaveBeenReadUpToTheirEnd() {
    take(StreamEventMapper.RUNS, start(7));

    assertThat(dispatcher.window().isEmpty()).isTrue();
    assertThat(dispatcher.starts().arrived()).isEqualTo(1);

    upstream
        .transition(Transition.CONFIGURE, State.DEPLOYED, 0)
        .forEach(event -> take(StreamEventMapper.ENVIRONMENTS, event));
    dispatcher.starts().environmentsRead(1);

    assertThat(ready()).last().returns(EventType.BEFORE, EnvironmentEvent::type);
    assertThat(dispatcher.starts().arrived()).isZero();
  }

  @Test
  void aStartIsToldBeforeTheEventOfItsEnvironmentThatNamesItsRun() {
    take(StreamEventMapper.RUNS, start(6)); // failed at once
    Event start = start(7);
    take(StreamEventMapper.RUNS, start);
    upstream
        .transition(Transition.START_ACTIVITY, State.CONFIGURED, 7)
        .forEach(event -> take(StreamEventMapper.ENVIRONMENTS, event));

    assertThat(ready())
        .filteredOn(event -> event.type() == EventType.BEFORE)
        .hasSize(2)
        .first()
        .returns(start.getTimestamp(), EnvironmentEvent::timestamp)
        .returns(7L, EnvironmentEvent::runNumber);
  }

  @Test
  void theNextStartWaitsUntilTheTurnOfTheOneBeforeHasCome() {
    take(StreamEventMapper.RUNS, start(7));
    take(StreamEventMapper.RUNS, start(8));
    dispatcher.starts().environmentsRead(2);

    assertThat(ready()).extracting(EnvironmentEvent::runNumber).containsExactly(7L);

    dispatcher.answered(ready().get(0), new TransitionReply(Verdict.APPLIED, ""));
    dispatcher.window().sent(1);
    dispatcher.window().release(1);
    dispatcher.answered(ready().get(0), new TransitionReply(Verdict.APPLIED, ""));

    assertThat(ready()).last().returns(8L, EnvironmentEvent::runNumber);
  }

  @Test
  void aStartWaitsAsLongAsTheRestCanBeAsLateAsTheRecordBeforeIt() {
    take(StreamEventMapper.RUNS, start(6), 1_000);

    assertThat(dispatcher.starts().arrived()).isZero();
    await().until(() -> dispatcher.starts().arrived() == 1);
  }

  @Test
  void aStartIsNotJudgedByEnvironmentsThatComeLate() {
    take(StreamEventMapper.RUNS, start(7));
    assertThat(dispatcher.starts().arrived()).isEqualTo(1);

    upstream
        .transition(Transition.CONFIGURE, State.DEPLOYED, 0)
        .forEach(event -> take(StreamEventMapper.ENVIRONMENTS, event, 1_000));
    dispatcher.starts().environmentsRead(1);

    assertThat(ready()).noneMatch(event -> event.type() == EventType.BEFORE);
    await().until(() -> dispatcher.starts().arrived() == 1);
    dispatcher.starts().environmentsRead(1);
    assertThat(ready()).last().returns(EventType.BEFORE, EnvironmentEvent::type);
  }

  @Test
  void aStartOfLongAgoTakesItsTurn() {
    Upstream past = new Upstream("2oDvieFrVTi", System.currentTimeMillis() - 60_000);
    take(
        StreamEventMapper.RUNS,
        past.run(Transition.START_ACTIVITY, OpStatus.STARTED, "CONFIGURED", 7));

    assertThat(dispatcher.starts().arrived()).isZero();
    assertThat(dispatcher.window().isEmpty()).isTrue();
  }

  private Event start(long run) {
    return upstream.run(Transition.START_ACTIVITY, OpStatus.STARTED, "CONFIGURED", run);
  }

  private List<EnvironmentEvent> ready() {
    return dispatcher.window().batch(InFlightWindow.LIMIT);
  }

  private void take(String topic, Event event) {
    dispatcher.take(new ConsumerRecord<>(topic, 0, offset++, null, event.toByteArray()));
  }

  /** Takes a record that was written so many ms ago. */
  private void take(String topic, Event event, long age) {
    byte[] value = event.toByteArray();
    dispatcher.take(
        new ConsumerRecord<>(
            topic,
            0,
            offset++,
            System.currentTimeMillis() - age,
            TimestampType.CREATE_TIME,
            0,
            value.length,
            null,
            value,
            new RecordHeaders(),
            Optional.empty()));
  }
}
