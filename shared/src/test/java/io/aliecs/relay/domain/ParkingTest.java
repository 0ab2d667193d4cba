package io.aliecs.relay.domain;

import static io.aliecs.relay.domain.Relay.ENV;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.Command.Parked;
import io.aliecs.relay.domain.command.Command.PublishingStarted;
import io.aliecs.relay.domain.command.Command.Refusal;
import io.aliecs.relay.domain.command.Command.Resent;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.TimelineEntry;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.OutboxMessage;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.domain.message.Topics;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;

/** Messages that Kafka refuses for good are put aside, and everything else flows. */
class ParkingTest {
  private static final String STANDBY = "aliecs.env_state.STANDBY";
  private static final String DEPLOYED = "aliecs.env_state.DEPLOYED";
  private static final String LIST = "aliecs.env_list.RUNNING";

  private final Relay relay = Relay.publishing();

  private void park(long sequence, String topic, boolean awaitsTopic) {
    relay.apply(new Parked(List.of(new Refusal(sequence, topic, "why", awaitsTopic)), 900));
  }

  private long last() {
    return relay.state.outbox().next() - 1;
  }

  private static List<String> topics(List<Message> messages) {
    return messages.stream().map(Message::topic).toList();
  }

  @Test
  void theRestOfTheChangeGoesOutWithoutTheParkedMessage() {
    relay.send(Relay.created(100));
    park(last(), STANDBY, false);

    assertThat(topics(relay.pending())).containsExactly(LIST);
    assertThat(relay.state.outbox().parked().values())
        .singleElement()
        .returns(STANDBY, ParkedMessage::topic)
        .returns("why", ParkedMessage::reason)
        .returns(900L, ParkedMessage::since)
        .returns(ENV, message -> message.entry().environmentId());
  }

  @Test
  void aParkedListLeavesTheRunsToTheNextList() {
    relay.bring(State.CONFIGURED, 100);
    relay.deliverAll();
    relay.send(Relay.entered(Transition.START_ACTIVITY, 200).runNumber(7L));
    park(last(), LIST, false);
    relay.deliverAll();

    List<Message> next = relay.told(Relay.created("another", 300));
    assertThat(next.get(1).about()).extracting(EnvironmentInfo::environmentId).containsExactly(ENV);
    assertThat(relay.state.outbox().parked()).hasSize(1);
    relay.deliverAll();
    assertThat(relay.state.outbox().parked()).as("parked once a newer list is out").isEmpty();
  }

  @Test
  void aListThatIsParkedIsNotMadeUpForByAnOlderOneThatGoesOutWithIt() {
    relay.send(Relay.created("a", 100));
    relay.send(Relay.created("b", 200));
    park(last(), LIST, false);
    relay.deliverAll();

    assertThat(relay.state.outbox().parked()).hasSize(1);
    relay.send(Relay.created("c", 300));
    relay.deliverAll();
    assertThat(relay.state.outbox().parked()).isEmpty();
  }

  @Test
  void whatWasParkedByOlderRulesIsMadeUpForByThem() {
    relay.send(Relay.created("a", 100));
    relay.send(Relay.created("b", 200));
    Refusal refusal = new Refusal(last(), LIST, "why", false);
    relay.state = relay.state.apply(new Parked(List.of(refusal), 900), Rules.LATE).state();
    relay.deliverAll();

    assertThat(relay.state.outbox().parked()).isEmpty();
  }

  @Test
  void ofListsOnlyTheNewestIsParked() {
    relay.send(Relay.created("a", 100));
    park(last(), LIST, false);
    relay.send(Relay.created("b", 200));
    park(last(), LIST, false);

    assertThat(relay.state.outbox().parked().values())
        .singleElement()
        .returns("b", message -> message.entry().environmentId());
  }

  @Test
  void whatIsResentGoesOutOnceBehindTheRestWithTheIdOfItsChange() {
    relay.send(Relay.created(100));
    long id = relay.state.outbox().entries().get(last()).id();
    park(last(), STANDBY, false);
    relay.send(Relay.entered(Transition.DEPLOY, 200));

    Resent resent = new Resent(List.of(new ParkedMessage.Key(id, STANDBY)), 300);
    relay.apply(resent);
    relay.apply(resent);

    assertThat(topics(relay.pending()))
        .containsExactly(LIST, "aliecs.env_leave_state.STANDBY", DEPLOYED, LIST, STANDBY);
    OutboxEntry again = relay.state.outbox().entries().get(last());
    assertThat(again.id()).isEqualTo(id);
    assertThat(again.timestamp()).isEqualTo(100);
    assertThat(relay.state.outbox().parked(id, STANDBY)).isNotNull();

    relay.deliverAll();
    assertThat(relay.state.outbox().parked()).isEmpty();
  }

  @Test
  void whatIsRefusedAgainCountsOnceAmongThoseThatAreParked() {
    relay.send(Relay.created(100));
    long id = relay.state.outbox().entries().get(last()).id();
    park(last(), STANDBY, false);
    relay.apply(new Resent(List.of(new ParkedMessage.Key(id, STANDBY)), 300));
    Refusal again = new Refusal(last(), STANDBY, "still", false);
    relay.send(Relay.created("another", 400));
    Refusal other = new Refusal(last(), STANDBY, "why", false);

    assertThat(relay.state.outbox().parkedWith(List.of(again))).isEqualTo(1);
    assertThat(relay.state.outbox().parkedWith(List.of(again, other))).isEqualTo(2);
  }

  @Test
  void whatIsRefusedAgainIsParkedAgainWithTheNewReason() {
    relay.send(Relay.created(100));
    long id = relay.state.outbox().entries().get(last()).id();
    park(last(), STANDBY, false);
    relay.apply(new Resent(List.of(new ParkedMessage.Key(id, STANDBY)), 300));
    relay.apply(new Parked(List.of(new Refusal(last(), STANDBY, "still", false)), 901));
    relay.deliverAll();

    assertThat(relay.state.outbox().parked().values())
        .singleElement()
        .returns("still", ParkedMessage::reason)
        .returns(false, ParkedMessage::resending);
  }

  @Test
  void aListThatIsResentSaysWhatIsTrueThen() {
    relay.send(Relay.created("a", 100));
    park(last(), LIST, false);
    relay.bring(State.RUNNING, 200);
    relay.apply(new Resent(List.of(new ParkedMessage.Key(0, LIST)), 300));

    List<Message> pending = relay.pending();
    Message list = pending.get(pending.size() - 1);
    assertThat(list.isList()).isTrue();
    assertThat(list.about()).extracting(EnvironmentInfo::environmentId).containsExactly(ENV);
  }

  @Test
  void whatAwaitsItsTopicGoesFirstWhenPublishingStartsAndTheTopicIsMended() {
    relay.send(Relay.created("a", 100));
    park(last(), STANDBY, true);
    relay.send(Relay.created("b", 200));

    relay.apply(new PublishingStarted(Relay.JOURNAL, 0, Set.of(STANDBY), 300));

    assertThat(relay.pending())
        .filteredOn(message -> message.topic().equals(STANDBY))
        .extracting(message -> message.environment().environmentId())
        .containsExactly("a", "b");
  }

  @Test
  void whatSomebodyHasToResendStaysWhenPublishingStarts() {
    relay.send(Relay.created("a", 100));
    park(last(), STANDBY, false);
    relay.apply(new PublishingStarted(Relay.JOURNAL, 0, Set.of(STANDBY), 300));
    assertThat(topics(relay.pending())).doesNotContain(STANDBY);
    relay.deliverAll();
    assertThat(relay.state.outbox().parked()).hasSize(1);
  }

  @Test
  void aRefusalOfWhatIsNotPendingChangesNothing() {
    relay.send(Relay.created(100));
    RelayState before = relay.state;
    park(last() + 1, STANDBY, false);
    park(last(), DEPLOYED + "x", false);
    relay.apply(new Resent(List.of(new ParkedMessage.Key(99, STANDBY)), 300));
    assertThat(relay.state.outbox().entries()).hasSameSizeAs(before.outbox().entries());
    assertThat(relay.state.outbox().next()).isEqualTo(before.outbox().next());
  }

  @Test
  void moreThanTheLimitIsNotParkedButStaysPending() {
    for (int i = 0; i <= Outbox.PARKED_LIMIT; i++) {
      relay.send(Relay.created("env" + i, 100 + i));
      park(last(), STANDBY, false);
    }
    assertThat(relay.state.outbox().parked()).hasSize(Outbox.PARKED_LIMIT);
    assertThat(relay.state.outbox().entries().get(last()).sends(STANDBY)).isTrue();
  }

  @Test
  void theBytesAreThoseOfWhatIsPending() {
    relay.send(Relay.created(100));
    long one = relay.state.outbox().bytes();
    assertThat(one).isPositive();
    relay.send(Relay.created("another", 100));
    assertThat(relay.state.outbox().bytes()).isGreaterThan(one);
    park(last(), STANDBY, false);
    relay.apply(new PublishingStarted(Relay.JOURNAL, 0, Set.of(), 300));
    relay.deliverAll();
    assertThat(relay.state.outbox().bytes()).isZero();
  }

  // Any topics refused and mended, between changes

  private final class Kafka {
    final Set<String> refused = new HashSet<>();
    final Map<String, List<Long>> log = new LinkedHashMap<>();
    long watermark = relay.state.outbox().delivered();

    void send(int limit) {
      for (OutboxEntry entry : relay.state.outbox().after(watermark, limit)) {
        List<Refusal> refusals =
            entry.messages().stream()
                .map(OutboxMessage::topic)
                .filter(topic -> entry.sends(topic) && refused.contains(topic))
                .map(topic -> new Refusal(entry.sequence(), topic, "refused", true))
                .toList();
        relay.apply(new Parked(refusals, 1));
        entry.messages().stream()
            .map(OutboxMessage::topic)
            .filter(topic -> entry.sends(topic) && !refused.contains(topic))
            .filter(topic -> !topic.equals(LIST))
            .forEach(topic -> log.computeIfAbsent(topic, t -> new ArrayList<>()).add(entry.id()));
        watermark = entry.sequence();
      }
      relay.apply(new Command.Delivered(watermark));
    }

    void start() {
      Set<String> recovered = new HashSet<>(Topics.perEnvironment());
      recovered.add(LIST);
      recovered.removeAll(refused);
      relay.apply(new PublishingStarted(Relay.JOURNAL, watermark, recovered, 5));
      watermark = relay.state.outbox().delivered();
    }
  }

  @Provide
  Arbitrary<List<EnvironmentEvent>> lives() {
    return Lives.disturbed();
  }

  @Provide
  Arbitrary<List<Integer>> chances() {
    return Arbitraries.integers().between(0, 99).list().ofMinSize(20).ofMaxSize(200);
  }

  @Property(tries = 300)
  void everyTopicGetsEachOfItsMessagesOnceAndInOrderWheneverItIsMended(
      @ForAll("lives") List<EnvironmentEvent> events, @ForAll("chances") List<Integer> chances) {
    relay.state = Relay.publishing().state;
    Kafka kafka = new Kafka();
    List<String> topics = new ArrayList<>(Topics.perEnvironment());
    topics.add(LIST);
    boolean parked = false;
    int next = 0;
    for (int chance : chances) {
      if (chance < 50 && next < events.size()) {
        relay.apply(events.get(next++));
      } else if (chance < 70) {
        kafka.send(1 + chance % 3);
      } else if (chance < 85) {
        kafka.refused.add(topics.get(chance % topics.size()));
      } else {
        kafka.refused.remove(topics.get(chance % topics.size()));
        kafka.start();
      }
      parked |= !relay.state.outbox().parked().isEmpty();
    }
    kafka.refused.clear();
    kafka.start();
    kafka.send(Integer.MAX_VALUE);

    Map<String, List<Long>> expected = new LinkedHashMap<>();
    relay.state.environments().values().forEach(e -> expect(e, expected));
    relay.state.ended().forEach(e -> expect(e, expected));
    expected.values().forEach(ids -> ids.sort(null));
    assertThat(kafka.log).containsAllEntriesOf(expected);
    kafka.log.forEach((topic, ids) -> assertThat(ids).as(topic).isSorted().doesNotHaveDuplicates());
    assertThat(relay.state.outbox().size()).isZero();
    assertThat(relay.state.outbox().parked()).isEmpty();
    assertThat(relay.state.outbox().bytes()).isZero();
    assertThat(relay.state.outbox().base()).isEqualTo(relay.state.activeRuns());
    Statistics.label("something parked")
        .collect(parked)
        .coverage(coverage -> coverage.check(true).percentage(share -> share > 20));
  }

  private static void expect(Environment environment, Map<String, List<Long>> expected) {
    for (TimelineEntry step : environment.timeline()) {
      if (step.publishing()) {
        step.topics().stream()
            .filter(topic -> !topic.equals(LIST))
            .forEach(
                topic ->
                    expected.computeIfAbsent(topic, t -> new ArrayList<>()).add(step.entryId()));
      }
    }
  }
}
