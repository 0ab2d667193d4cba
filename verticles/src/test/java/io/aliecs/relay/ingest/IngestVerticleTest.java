package io.aliecs.relay.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.TimelineEntry;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.OutboxMessage;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.ingest.FakeJournal.Fate;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import io.aliecs.relay.ingest.stream.IngestOptions;
import io.aliecs.relay.ingest.stream.IngestOptions.History;
import io.aliecs.relay.ingest.stream.ReaderTiming;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.proto.events.OpStatus;
import io.aliecs.relay.testkit.junit.SharedKafka;
import io.aliecs.relay.testkit.kafka.EmbeddedKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
@ExtendWith(VertxExtension.class)
class IngestVerticleTest {
  private static final String ENVIRONMENTS = StreamEventMapper.ENVIRONMENTS;
  private static final String RUNS = StreamEventMapper.RUNS;
  private static final String ID = "2oDvieFrVTi";
  private static final ReaderTiming TIMING =
      new ReaderTiming(
          Duration.ofMillis(300),
          Duration.ofMillis(500),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60));

  private static final Duration RUN_GRACE = Duration.ofMillis(300);

  @RegisterExtension static final SharedKafka shared = new SharedKafka();

  @TempDir Path folder;

  private Vertx vertx;
  private FakeJournal journal;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Upstream upstream = new Upstream(ID, System.currentTimeMillis() - 60_000);
  private final List<EmbeddedKafka> own = new ArrayList<>();
  private String broker;
  private Admin admin;
  private KafkaProducer<String, byte[]> producer;

  @BeforeEach
  void start(Vertx vertx) {
    this.vertx = vertx;
    journal = new FakeJournal(vertx);
    use(shared.bootstrapServers());
  }

  private void use(String broker) {
    this.broker = broker;
    Map<String, Object> properties = Map.of("bootstrap.servers", broker);
    admin = Admin.create(properties);
    producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    closeClients();
    own.forEach(EmbeddedKafka::close);
  }

  private void closeClients() {
    producer.close(Duration.ZERO);
    admin.close(Duration.ofSeconds(1));
  }

  /** A broker that a test may stop, in place of the shared one. */
  private EmbeddedKafka ofItsOwn() {
    closeClients();
    EmbeddedKafka kafka = EmbeddedKafka.start(folder, 0);
    own.add(kafka);
    use(kafka.bootstrapServers());
    return kafka;
  }

  private void restart(EmbeddedKafka stopped) {
    own.add(EmbeddedKafka.start(folder, stopped.port()));
  }

  @Test
  void whatIsThereWhenTheStreamIsJoinedIsTrackedAndNotPublished() throws Exception {
    create(ENVIRONMENTS, 1);
    send(upstream.untilRunning(7));
    sendBytes(ENVIRONMENTS, new byte[0]);
    start(History.TRACK);

    eventually(() -> journal.state().isHistoryApplied());
    assertThat(environment().state()).isEqualTo(State.RUNNING);
    assertThat(published()).isEmpty();
    assertThat(joined().ends())
        .isEqualTo(
            Map.of(new SourcePartition(ENVIRONMENTS, 0), 38L, new SourcePartition(RUNS, 0), 0L));

    send(upstream.transition(Transition.STOP_ACTIVITY, State.RUNNING, 7));
    eventually(() -> environment().state() == State.CONFIGURED);
    assertThat(published())
        .containsExactly(
            "aliecs.env_leave_state.RUNNING",
            "aliecs.env_state.CONFIGURED",
            "aliecs.env_list.RUNNING");
  }

  @Test
  void aWholeLifeGivesTheMessagesOfTheContract() throws Exception {
    create(ENVIRONMENTS, 1);
    start(History.TRACK);
    eventually(() -> journal.state().isHistoryApplied());

    send(upstream.untilRunning(7));
    send(upstream.transition(Transition.STOP_ACTIVITY, State.RUNNING, 7));
    send(upstream.transition(Transition.RESET, State.CONFIGURED, 0));
    send(upstream.transition(Transition.EXIT, State.DEPLOYED, 0));
    eventually(() -> journal.state().endedBy().containsKey(ID));

    String list = "aliecs.env_list.RUNNING";
    assertThat(published())
        .containsExactly(
            "aliecs.env_state.STANDBY",
            list,
            "aliecs.env_leave_state.STANDBY",
            "aliecs.env_state.DEPLOYED",
            list,
            "aliecs.env_leave_state.DEPLOYED",
            "aliecs.env_state.CONFIGURED",
            list,
            "aliecs.before_start_activity",
            "aliecs.env_leave_state.CONFIGURED",
            "aliecs.env_state.RUNNING",
            list,
            "aliecs.env_leave_state.RUNNING",
            "aliecs.env_state.CONFIGURED",
            list,
            "aliecs.env_leave_state.CONFIGURED",
            "aliecs.env_state.DEPLOYED",
            list,
            "aliecs.env_leave_state.DEPLOYED",
            list);
  }

  @Test
  void aLifeThatIsDestroyedEndsWithUnknownOnce() throws Exception {
    create(ENVIRONMENTS, 1);
    start(History.PUBLISH);
    send(List.of(upstream.created("[\"ITS\"]", "PHYSICS")));
    send(
        List.of(
            upstream.step("DESTROY", "before_DESTROY", OpStatus.STARTED, "x", "STANDBY", 0),
            upstream.step("DESTROY", "leave_STANDBY", OpStatus.ONGOING, "x", "STANDBY", 0),
            upstream.step("DESTROY", "DESTROY", OpStatus.ONGOING, "x", "STANDBY", 0),
            upstream.step("DESTROY", "after_DESTROY", OpStatus.ONGOING, "x", "STANDBY", 0),
            upstream.step("DESTROY", "after_DESTROY", OpStatus.DONE_OK, "x", "DONE", 0),
            upstream.step("CREATE", "CREATE", OpStatus.DONE_ERROR, "x", "PENDING", 0),
            upstream.step("", "", OpStatus.NULL, "cannot create new environment", "ERROR", 0)));

    eventually(() -> next(ENVIRONMENTS) == 8);
    assertThat(journal.state().environments()).isEmpty();
    assertThat(published())
        .containsExactly(
            "aliecs.env_state.STANDBY",
            "aliecs.env_list.RUNNING",
            "aliecs.env_leave_state.STANDBY",
            "aliecs.env_state.UNKNOWN",
            "aliecs.env_list.RUNNING");
  }

  @Test
  void aRestartReadsOnFromTheJournal() throws Exception {
    create(ENVIRONMENTS, 2);
    send(upstream.untilRunning(7));
    String deployment = start(History.PUBLISH);
    eventually(() -> environment() != null && environment().state() == State.RUNNING);
    int before = journal.applied().size();

    vertx.undeploy(deployment).await();
    send(upstream.transition(Transition.STOP_ACTIVITY, State.RUNNING, 7));
    start(History.PUBLISH);

    eventually(() -> environment().state() == State.CONFIGURED);
    assertThat(journal.verdicts()).doesNotContain(Verdict.DUPLICATE);
    assertThat(journal.applied().size()).isGreaterThan(before);
    assertThat(journal.commands().stream().filter(Command.SourceJoined.class::isInstance))
        .hasSize(1);
  }

  @Test
  void aReaderThatIsStuckConnectsAnewAndReadsOnFromTheJournal() throws Exception {
    create(ENVIRONMENTS, 2);
    configure();
    // Everything takes longer than that: it is taken for stuck at each look.
    deploy(
        History.PUBLISH,
        new ReaderTiming(
            TIMING.refresh(),
            TIMING.move(),
            TIMING.request(),
            TIMING.drain(),
            TIMING.close(),
            TIMING.finish(),
            Duration.ZERO));
    journal.lead(true);
    List<Event> life = upstream.untilRunning(7);
    send(life.subList(0, life.size() / 2));
    eventually(() -> meters.counter("relay.ingest.retries", "of", "stuck").count() >= 2);
    send(life.subList(life.size() / 2, life.size()));

    eventually(() -> environment() != null && environment().state() == State.RUNNING);
    assertThat(journal.applied()).doesNotHaveDuplicates();
    assertThat(journal.verdicts()).doesNotContain(Verdict.ADOPTED);
  }

  @Test
  void readsOnlyWhileThisHostLeads() throws Exception {
    create(ENVIRONMENTS, 1);
    send(upstream.untilRunning(7));
    configure();
    deploy(History.PUBLISH);
    eventually(() -> status().state().equals("waiting"));
    assertThat(status().reason()).contains("does not lead");

    journal.lead(true);
    eventually(() -> status().state().equals("reading"));
    journal.lead(false);
    eventually(() -> status().state().equals("waiting"));
    int before = journal.commands().size();
    send(upstream.transition(Transition.STOP_ACTIVITY, State.RUNNING, 7));
    assertThat(journal.commands()).hasSize(before);

    journal.lead(true);
    eventually(() -> environment().state() == State.CONFIGURED);
  }

  @Test
  void aFailingJournalLosesAndSwapsNothing() throws Exception {
    create(ENVIRONMENTS, 3);
    start(History.PUBLISH);
    for (Fate fate : List.of(Fate.FAIL, Fate.TAKE_AND_FAIL)) {
      int[] countdown = {3};
      journal.failing(batch -> countdown[0]-- > 0, fate);
      for (int i = 0; i < 300; i++) {
        Upstream other = new Upstream("env-" + fate + "-" + i, upstream.now());
        send(other.untilRunning(i + 1));
      }
      eventually(() -> journal.state().running().size() == (fate == Fate.FAIL ? 300 : 600));
    }

    assertThat(meters.counter("relay.ingest.retries", "of", "journal").count()).isPositive();
    Map<SourcePartition, List<Long>> offsets =
        journal.applied().stream()
            .collect(
                java.util.stream.Collectors.groupingBy(
                    SourcePosition::partition,
                    java.util.stream.Collectors.mapping(
                        SourcePosition::offset, java.util.stream.Collectors.toList())));
    offsets.values().forEach(each -> assertThat(each).isSorted().doesNotHaveDuplicates());
    assertThat(published().stream().filter("aliecs.env_state.RUNNING"::equals)).hasSize(600);
    eventually(() -> status().state().equals("reading"));
  }

  @Test
  void aBatchThatIsNeverTakenCostsOnlyTheEventItIsAbout() throws Exception {
    create(ENVIRONMENTS, 1);
    start(History.PUBLISH);
    journal.failing(
        batch -> batch.events().stream().anyMatch(e -> e.environmentId().equals("bad")),
        Fate.REFUSE);
    send(upstream.untilRunning(7));
    send(new Upstream("bad").untilRunning(8));
    Upstream last = new Upstream("last", upstream.now());
    send(last.untilRunning(9));

    eventually(() -> journal.state().running().size() == 2);
    assertThat(meters.counter("relay.ingest.refused", "verdict", "refused").count()).isPositive();
  }

  @Test
  void topicsMayComeLaterAndGarbageMayBeBetween() throws Exception {
    start(History.TRACK);
    eventually(() -> journal.state().isHistoryApplied());

    create(ENVIRONMENTS, 2);
    sendBytes(ENVIRONMENTS, new byte[] {0x5a, 0x7f, 1});
    sendBytes(ENVIRONMENTS, null);
    List<Event> life = upstream.untilRunning(7);
    for (Event event : life) {
      send(List.of(event));
      byte[] whole = event.toByteArray();
      sendBytes(ENVIRONMENTS, java.util.Arrays.copyOf(whole, whole.length - 3));
    }

    eventually(() -> environment() != null && environment().state() == State.RUNNING);
    assertThat(published()).contains("aliecs.env_state.RUNNING");
    eventually(() -> meters.counter("relay.ingest.malformed", "topic", ENVIRONMENTS).count() > 37);
    eventually(() -> next(ENVIRONMENTS) == 2 + 2 * life.size());
  }

  @Test
  void runEventsMakeUpForLostEnvironmentEvents() throws Exception {
    create(ENVIRONMENTS, 1);
    create(RUNS, 1);
    start(History.TRACK);
    eventually(() -> journal.state().isHistoryApplied());

    List<Event> life = upstream.untilRunning(7);
    sendRuns(upstream.run(Transition.START_ACTIVITY, OpStatus.DONE_OK, "RUNNING", 7));
    send(life.subList(0, life.size() - 11)); // all but the steps of START_ACTIVITY

    eventually(() -> environment() != null && environment().state() == State.RUNNING);
    assertThat(published())
        .endsWith(
            "aliecs.before_start_activity",
            "aliecs.env_leave_state.CONFIGURED",
            "aliecs.env_state.RUNNING",
            "aliecs.env_list.RUNNING");
  }

  @Test
  void runEventsThatTellNothingNewChangeNothing() throws Exception {
    create(ENVIRONMENTS, 1);
    create(RUNS, 1);
    start(History.TRACK);
    eventually(() -> journal.state().isHistoryApplied());

    sendRuns(upstream.run(Transition.START_ACTIVITY, OpStatus.STARTED, "CONFIGURED", 7));
    sendRuns(upstream.run(Transition.START_ACTIVITY, OpStatus.DONE_OK, "RUNNING", 7));
    send(upstream.untilRunning(7));

    eventually(() -> next(RUNS) == 2);
    assertThat(journal.verdicts()).doesNotContain(Verdict.ADOPTED);
    assertThat(published().stream().filter("aliecs.before_start_activity"::equals)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"300, false", "8000, false", "140000, false", "300, true", "140000, true"})
  void announcesARunAtOnceHoweverLongItsHooksTake(long hooks, boolean besideOthers)
      throws Exception {
    create(ENVIRONMENTS, 2);
    create(RUNS, 1);
    start(History.TRACK, Duration.ofMinutes(1)); // nothing that waits for it comes in this test
    eventually(() -> journal.state().isHistoryApplied());
    Upstream fresh = new Upstream(ID, System.currentTimeMillis());
    send(fresh.untilRunning(7).subList(0, 25));
    if (besideOthers) {
      Upstream other = new Upstream("other", System.currentTimeMillis());
      send(other.untilRunning(6));
      sendRuns(other.run(Transition.START_ACTIVITY, OpStatus.DONE_OK, "RUNNING", 6));
    }
    eventually(() -> environment() != null && environment().state() == State.CONFIGURED);

    Event start = fresh.run(Transition.START_ACTIVITY, OpStatus.STARTED, "CONFIGURED", 7);
    sendRuns(start);
    eventually(() -> environment().announcedRun() == 7);
    assertThat(journal.state().outbox().after(0, 1_000))
        .filteredOn(entry -> entry.environmentId().equals(ID))
        .last()
        .returns(start.getTimestamp(), OutboxEntry::timestamp);

    fresh.pass(hooks);
    send(fresh.transition(Transition.START_ACTIVITY, State.CONFIGURED, 7));
    eventually(() -> environment().state() == State.RUNNING);
    assertThat(environment().timeline().stream().flatMap(step -> step.topics().stream()))
        .containsOnlyOnce("aliecs.before_start_activity");
  }

  @Test
  void aRunIsAnnouncedAsSoonAsItsEnvironmentIsConfigured() throws Exception {
    create(ENVIRONMENTS, 1);
    create(RUNS, 1);
    start(History.TRACK, Duration.ofMinutes(1));
    eventually(() -> journal.state().isHistoryApplied());
    Upstream fresh = new Upstream(ID, System.currentTimeMillis());
    List<Event> life = fresh.untilRunning(7).subList(0, 25);
    sendRuns(fresh.run(Transition.START_ACTIVITY, OpStatus.STARTED, "CONFIGURED", 7));
    eventually(() -> journal.verdicts().contains(Verdict.UNKNOWN_ENVIRONMENT));
    assertThat(journal.state().environments()).isEmpty();

    send(life);
    eventually(() -> environment() != null && environment().announcedRun() == 7);
    assertThat(environment().timeline()).noneMatch(TimelineEntry::adopted);
  }

  @Test
  void theStartOfACoreEndsWhatItDoesNotKnow() throws Exception {
    create(ENVIRONMENTS, 1);
    start(History.TRACK);
    eventually(() -> journal.state().isHistoryApplied());
    send(upstream.untilRunning(7));
    eventually(() -> environment() != null && environment().state() == State.RUNNING);

    create(StreamEventMapper.CORE, 1);
    sendBytes(StreamEventMapper.CORE, upstream.coreStart().toByteArray());
    eventually(() -> journal.state().environments().isEmpty());
    assertThat(published())
        .endsWith(
            "aliecs.env_leave_state.RUNNING",
            "aliecs.env_state.UNKNOWN",
            "aliecs.env_list.RUNNING");
    assertThat(next(StreamEventMapper.CORE)).isEqualTo(1);
  }

  @Test
  void runsOfLongAgoDoNotComeBack() throws Exception {
    create(ENVIRONMENTS, 1);
    create(RUNS, 1);
    sendRuns(upstream.run(Transition.START_ACTIVITY, OpStatus.DONE_OK, "RUNNING", 7));
    start(History.TRACK);

    eventually(() -> journal.state().isHistoryApplied());
    assertThat(journal.state().running()).isEmpty();
    assertThat(next(RUNS)).isEqualTo(1);
  }

  @Test
  void aTopicThatWasMadeAnewIsReadFromItsBeginning() throws Exception {
    create(ENVIRONMENTS, 1);
    send(upstream.untilRunning(7));
    start(History.TRACK);
    eventually(() -> journal.state().isHistoryApplied());

    admin.deleteTopics(List.of(ENVIRONMENTS)).all().get(60, TimeUnit.SECONDS);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !admin.listTopics().names().get().contains(ENVIRONMENTS));
    create(ENVIRONMENTS, 1);
    Upstream other = new Upstream("other", upstream.now());
    send(other.untilRunning(8).subList(0, 33)); // fewer than the one before held

    eventually(() -> journal.state().running().size() == 2);
    assertThat(published()).contains("aliecs.env_state.RUNNING");
    assertThat(meters.counter("relay.ingest.recreated", "topic", ENVIRONMENTS).count())
        .isEqualTo(1);
    assertThat(journal.state().isHistoryApplied()).isTrue();
  }

  @Test
  void aTopicThatWasMadeAnewAndHasOutgrownTheOneBeforeIsReadFromItsBeginning() throws Exception {
    create(ENVIRONMENTS, 1);
    send(upstream.untilRunning(7));
    String deployment = start(History.TRACK);
    eventually(() -> journal.state().isHistoryApplied());
    vertx.undeploy(deployment).await();

    admin.deleteTopics(List.of(ENVIRONMENTS)).all().get(60, TimeUnit.SECONDS);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> !admin.listTopics().names().get().contains(ENVIRONMENTS));
    create(ENVIRONMENTS, 1);
    Upstream other = new Upstream("other", upstream.now());
    send(other.untilRunning(8));
    Upstream third = new Upstream("third", other.now());
    send(third.untilRunning(9));
    start(History.TRACK);

    eventually(() -> journal.state().running().size() == 3);
    assertThat(published().stream().filter(Topics.SOR::equals)).hasSize(2);
    assertThat(meters.counter("relay.ingest.recreated", "topic", ENVIRONMENTS).count())
        .isEqualTo(1);
  }

  @Test
  void recordsThatWereDeletedUnreadAreCounted() throws Exception {
    create(ENVIRONMENTS, 1);
    send(upstream.untilRunning(7));
    String deployment = start(History.PUBLISH);
    eventually(() -> environment() != null && environment().state() == State.RUNNING);
    vertx.undeploy(deployment).await();
    long before = next(ENVIRONMENTS);
    send(upstream.transition(Transition.STOP_ACTIVITY, State.RUNNING, 7));
    TopicPartition partition = new TopicPartition(ENVIRONMENTS, 0);
    admin
        .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before + 5)))
        .all()
        .get(60, TimeUnit.SECONDS);
    start(History.PUBLISH);

    eventually(() -> environment().state() == State.CONFIGURED);
    assertThat(meters.counter("relay.ingest.lost", "topic", ENVIRONMENTS).count()).isEqualTo(5);
  }

  @Test
  void saysWhyItCannotReadAndGoesOnByItself() throws Exception {
    EmbeddedKafka kafka = ofItsOwn();
    create(ENVIRONMENTS, 1);
    start(History.PUBLISH);
    eventually(() -> status().state().equals("reading"));

    kafka.close();
    eventually(() -> status().state().equals("failing"));
    assertThat(status().healthy()).isFalse();
    assertThat(status().reason()).isNotEmpty();

    restart(kafka);
    eventually(() -> status().state().equals("reading"));
    send(upstream.untilRunning(7));
    eventually(() -> environment() != null && environment().state() == State.RUNNING);
  }

  @Test
  void saysThatATopicIsGoneThatItHasRead() throws Exception {
    create(ENVIRONMENTS, 1);
    send(upstream.untilRunning(7));
    start(History.PUBLISH);
    eventually(() -> status().state().equals("reading"));

    admin.deleteTopics(List.of(ENVIRONMENTS)).all().get(60, TimeUnit.SECONDS);

    eventually(() -> status().reason().contains(ENVIRONMENTS + "-0: not there"));
    assertThat(status().healthy()).isFalse();
    assertThat(status().reason()).contains("behind offset");
    create(ENVIRONMENTS, 1);
    eventually(() -> status().state().equals("reading"));
  }

  @Test
  void saysThatTheTopicIsNotThereAndWhereAliEcsWrites() throws Exception {
    start(History.TRACK);
    eventually(() -> !status().healthy());

    assertThat(status().reason()).contains(ENVIRONMENTS + ": not there", broker, "kafkaEndpoints");
    assertThat(problem("topic")).isEqualTo(1);
    create(ENVIRONMENTS, 1);
    eventually(() -> status().state().equals("reading"));
    assertThat(problem("topic")).isZero();
  }

  @Test
  void readsOnWhileAStrangerLeavesATransactionOpen() throws Exception {
    create(ENVIRONMENTS, 1);
    start(History.PUBLISH);
    eventually(() -> status().state().equals("reading"));
    try (KafkaProducer<String, byte[]> stranger =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker, "transactional.id", "a stranger"),
            new StringSerializer(),
            new ByteArraySerializer())) {
      stranger.initTransactions();
      stranger.beginTransaction();
      stranger.send(new ProducerRecord<>(ENVIRONMENTS, "x", new byte[0])).get();
      send(upstream.untilRunning(7));

      eventually(() -> environment() != null && environment().state() == State.RUNNING);
      stranger.abortTransaction();
      send(upstream.transition(Transition.STOP_ACTIVITY, State.RUNNING, 7));
      eventually(() -> environment().state() == State.CONFIGURED);
      eventually(() -> lag() == 0);
    }
  }

  @Test
  void passesOverABatchThatNobodyCanReadAndAsksTheCore() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    vertx
        .eventBus()
        .localConsumer(BusAddresses.RECONCILE_REQUEST, m -> m.reply(asked.incrementAndGet()));
    EmbeddedKafka kafka = ofItsOwn();
    create(ENVIRONMENTS, 1);
    send(upstream.untilRunning(7));
    send(List.of(upstream.created("[\"CORRUPT-ME\"]", "PHYSICS")));
    send(new Upstream("other", upstream.now()).untilRunning(8));
    kafka.close();
    spoil("CORRUPT-ME");
    restart(kafka);
    start(History.PUBLISH);

    eventually(() -> journal.state().running().size() == 2);
    double passed = meters.counter("relay.ingest.unreadable", "topic", ENVIRONMENTS).count();
    assertThat(passed).isPositive();
    eventually(() -> !status().healthy());
    assertThat(status().reason())
        .contains(ENVIRONMENTS + "-0: offsets 37 to", "may be incomplete", "corrupt");
    assertThat(problem("unreadable")).isEqualTo(1);
    eventually(() -> asked.get() == (int) passed);
    eventually(() -> lag() == 0);
  }

  @Test
  void isWellAgainAfterATopicWasMadeAnewWithFewerPartitions() throws Exception {
    create(ENVIRONMENTS, 3);
    for (int i = 0; i < 20; i++) {
      send(new Upstream("env-" + i, upstream.now()).untilRunning(i + 1));
    }
    String deployment = start(History.TRACK);
    eventually(() -> journal.state().running().size() == 20);

    admin.deleteTopics(List.of(ENVIRONMENTS)).all().get(60, TimeUnit.SECONDS);
    eventually(() -> !status().healthy());
    create(ENVIRONMENTS, 1);
    send(new Upstream("one more", upstream.now()).untilRunning(21));
    eventually(() -> journal.state().running().size() == 21);
    eventually(() -> status().state().equals("reading"));

    vertx.undeploy(deployment).await();
    start(History.TRACK);
    eventually(() -> status().state().equals("reading"));
  }

  @Test
  void doesNotSayThatItReadsWhileTheJournalTakesNothing() throws Exception {
    create(ENVIRONMENTS, 1);
    send(upstream.untilRunning(7));
    journal.failing(batch -> true, Fate.FAIL);
    start(History.PUBLISH);
    eventually(() -> status().state().equals("failing"));

    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(60))
        .until(() -> status().state().equals("failing"));
    journal.failing(batch -> false, Fate.FAIL);
    eventually(() -> status().state().equals("reading"));
  }

  @Test
  void saysThatItReadsOnceAllThatWasThereIsInTheJournal() throws Exception {
    create(ENVIRONMENTS, 1);
    for (int i = 0; i < 60; i++) {
      send(new Upstream("2before" + i, System.currentTimeMillis() - 60_000).untilRunning(i + 1));
    }
    send(upstream.untilRunning(70));
    journal.failing(
        batch -> batch.events().stream().anyMatch(event -> event.environmentId().equals(ID)),
        Fate.FAIL);
    start(History.TRACK);
    eventually(() -> journal.state().environments().containsKey("2before0"));

    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(60))
        .until(() -> !status().state().equals("reading"));
    journal.failing(batch -> false, Fate.FAIL);
    eventually(() -> status().state().equals("reading"));
    assertThat(journal.state().isHistoryApplied()).isTrue();
  }

  @Test
  void waitsForAnEndpointAndFollowsIt() throws Exception {
    create(ENVIRONMENTS, 1);
    deploy(History.PUBLISH);
    journal.lead(true);
    eventually(() -> status().reason().contains("not read from Consul yet"));
    assertThat(status().healthy()).isTrue(); // each first start has such a moment

    journal.apply(
        new Command.SettingsChanged(new PublishingSettings(false, List.of(), true, 1, 1), 1));
    eventually(() -> status().reason().contains("no Kafka endpoint"));
    assertThat(status().healthy()).isFalse();

    configure();
    eventually(() -> status().state().equals("reading"));
  }

  @Test
  void readsNothingBeforeThereAreSettingsWhereItsBrokersAreSetToo() throws Exception {
    create(ENVIRONMENTS, 1);
    send(upstream.untilRunning(7));
    deploy(broker, History.PUBLISH, TIMING, RUN_GRACE);
    journal.lead(true);
    eventually(() -> status().reason().contains("not read from Consul yet"));

    configure();
    eventually(() -> environment() != null && environment().state() == State.RUNNING);
    assertThat(published()).contains("aliecs.env_state.STANDBY", Topics.SOR);
  }

  @Test
  void readsTheRestOfAStreamThatWasMovedFirst(@TempDir Path elsewhere) throws Exception {
    create(ENVIRONMENTS, 2);
    start(History.PUBLISH);
    eventually(() -> status().state().equals("reading"));
    journal.failing(batch -> true, Fate.FAIL);
    send(upstream.untilRunning(7));
    List<Event> end = upstream.transition(Transition.STOP_ACTIVITY, State.RUNNING, 7);
    try (EmbeddedKafka next = EmbeddedKafka.start(elsewhere, 0);
        KafkaProducer<String, byte[]> aliecs = producer(next)) {
      createOn(next, ENVIRONMENTS);
      for (Event event : end) {
        aliecs.send(new ProducerRecord<>(ENVIRONMENTS, ID, event.toByteArray())).get();
      }
      configure(next.bootstrapServers());
      eventually(() -> meters.counter("relay.ingest.retries", "of", "journal").count() >= 1);
      journal.failing(batch -> false, Fate.FAIL);

      eventually(() -> environment() != null && environment().state() == State.CONFIGURED);
      assertThat(journal.verdicts()).doesNotContain(Verdict.ADOPTED);
      assertThat(published()).contains(Topics.SOR, "aliecs.env_leave_state.RUNNING");
    }
  }

  @Test
  void leavesTheRestOfAStreamBehindWhenItsBrokersDoNotAnswer(@TempDir Path elsewhere)
      throws Exception {
    EmbeddedKafka kafka = ofItsOwn();
    create(ENVIRONMENTS, 1);
    start(History.PUBLISH);
    eventually(() -> status().state().equals("reading"));
    try (EmbeddedKafka next = EmbeddedKafka.start(elsewhere, 0);
        KafkaProducer<String, byte[]> aliecs = producer(next)) {
      createOn(next, ENVIRONMENTS);
      for (Event event : upstream.untilRunning(7)) {
        aliecs.send(new ProducerRecord<>(ENVIRONMENTS, ID, event.toByteArray())).get();
      }
      kafka.close();
      configure(next.bootstrapServers());

      eventually(() -> environment() != null && environment().state() == State.RUNNING);
    }
  }

  private static KafkaProducer<String, byte[]> producer(EmbeddedKafka broker) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  private static void createOn(EmbeddedKafka broker, String topic) throws Exception {
    try (Admin other = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      other.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
  }

  private String start(History history) throws Exception {
    return start(history, RUN_GRACE);
  }

  private String start(History history, Duration runGrace) throws Exception {
    configure();
    String deployment = deploy(history, TIMING, runGrace);
    journal.lead(true);
    return deployment;
  }

  private void configure() {
    configure(broker);
  }

  private void configure(String broker) {
    journal.apply(
        new Command.SettingsChanged(new PublishingSettings(true, List.of(broker), true, 1, 1), 1));
  }

  private String deploy(History history) throws Exception {
    return deploy(history, TIMING);
  }

  private String deploy(History history, ReaderTiming timing) throws Exception {
    return deploy(history, timing, RUN_GRACE);
  }

  private String deploy(History history, ReaderTiming timing, Duration runGrace) throws Exception {
    return deploy("", history, timing, runGrace);
  }

  private String deploy(String brokers, History history, ReaderTiming timing, Duration runGrace)
      throws Exception {
    IngestOptions options = TestOptions.ingest(brokers, history, runGrace, TestOptions.PLAIN);
    return vertx.deployVerticle(new IngestVerticle(options, meters, timing)).await();
  }

  private void create(String topic, int partitions) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    await().atMost(Duration.ofSeconds(60)).until(() -> describes(topic));
  }

  private boolean describes(String topic) throws InterruptedException {
    try {
      admin.describeTopics(List.of(topic)).allTopicNames().get();
      return true;
    } catch (ExecutionException notYet) {
      return false;
    }
  }

  private void send(List<Event> events) throws Exception {
    List<java.util.concurrent.Future<?>> sent = new ArrayList<>();
    for (Event event : events) {
      String key = event.getEnvironmentEvent().getEnvironmentId();
      sent.add(producer.send(new ProducerRecord<>(ENVIRONMENTS, key, event.toByteArray())));
    }
    for (java.util.concurrent.Future<?> each : sent) {
      each.get(60, TimeUnit.SECONDS);
    }
  }

  private void sendRuns(Event event) throws Exception {
    producer.send(new ProducerRecord<>(RUNS, ID, event.toByteArray())).get(60, TimeUnit.SECONDS);
  }

  private void sendBytes(String topic, byte[] value) throws Exception {
    producer.send(new ProducerRecord<>(topic, ID, value)).get(60, TimeUnit.SECONDS);
  }

  private static void eventually(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(60)).until(condition);
  }

  private Environment environment() {
    return journal.state().environments().get(ID);
  }

  private long next(String topic) {
    return journal.state().sources().entrySet().stream()
        .filter(e -> e.getKey().topic().equals(topic))
        .mapToLong(e -> e.getValue().next())
        .sum();
  }

  private Command.SourceJoined joined() {
    return journal.commands().stream()
        .filter(Command.SourceJoined.class::isInstance)
        .map(Command.SourceJoined.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private ComponentStatus status() throws Exception {
    return (ComponentStatus)
        vertx
            .eventBus()
            .request(BusAddresses.INGEST_STATUS, null, LocalRecords.LOCAL)
            .await()
            .body();
  }

  private double lag() {
    return meters.get("relay.ingest.lag").gauge().value();
  }

  private double problem(String kind) {
    return meters.get("relay.ingest.problems").tag("kind", kind).gauge().value();
  }

  /** Changes a byte on the disk of the broker, which is down. */
  private void spoil(String text) throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".log")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
        if (at >= 0 && file.toString().contains(ENVIRONMENTS)) {
          bytes[at] ^= 0x55;
          Files.write(file, bytes);
        }
      }
    }
  }

  private List<String> published() {
    return journal.state().outbox().after(0, Integer.MAX_VALUE).stream()
        .flatMap(entry -> entry.messages().stream())
        .map(OutboxMessage::topic)
        .toList();
  }
}
