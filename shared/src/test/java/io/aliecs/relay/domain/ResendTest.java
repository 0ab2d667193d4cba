package io.aliecs.relay.domain;

import static io.aliecs.relay.domain.Message.list;
import static io.aliecs.relay.domain.Message.message;
import static io.aliecs.relay.domain.Relay.ENV;
import static io.aliecs.relay.domain.Relay.JOURNAL;
import static io.aliecs.relay.domain.Relay.listed;
import static io.aliecs.relay.domain.Relay.withRun;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.RelayState.Applied;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.Command.Delivered;
import io.aliecs.relay.domain.command.Command.PublishingStarted;
import io.aliecs.relay.domain.command.Command.ResendRequested;
import io.aliecs.relay.domain.command.Command.SettingsChanged;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.OutboxMessage;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What a reader has lost is published once more, and nothing else happens. */
class ResendTest {
  private static final String SOR = "aliecs.env_state.RUNNING";

  private Relay relay = Relay.publishing();

  private Applied ask(String requestId, String environmentId) {
    return relay.apply(new ResendRequested(requestId, environmentId, 900));
  }

  private OutboxEntry last() {
    return relay.state.outbox().entries().get(relay.state.outbox().next() - 1);
  }

  @Test
  void theListAndTheStateAreThoseThatWentOutBefore() {
    relay.bring(State.RUNNING, 104);
    Message sor = message(SOR, 104, withRun(State.RUNNING, 500_000, 104));
    assertThat(relay.pending()).contains(sor, list(104, listed(500_000, 104)));
    relay.deliverAll();

    assertThat(ask("1", "").verdict()).isEqualTo(Verdict.APPLIED);
    assertThat(ask("2", ENV).verdict()).isEqualTo(Verdict.APPLIED);

    assertThat(relay.pending()).containsExactly(list(104, listed(500_000, 104)), sor);
    assertThat(last().eventId()).isEqualTo("resend:2");
    assertThat(last().repeats()).isTrue();
    assertThat(last().since()).isEqualTo(900);
    assertThat(relay.state.outbox().oldestPending()).isEqualTo(900);
  }

  @Test
  void aRequestThatIsRepeatedIsCarriedOutOnceBeforeAndAfterItsDelivery() {
    relay.bring(State.RUNNING, 104);
    relay.deliverAll();
    ask("1", "");
    assertThat(ask("1", "").verdict()).isEqualTo(Verdict.DUPLICATE);
    relay.deliverAll();
    RelayState before = relay.state;
    assertThat(ask("1", "").verdict()).isEqualTo(Verdict.DUPLICATE);
    assertThat(relay.state).isEqualTo(before);
  }

  @Test
  void itIsNoEndOfRunAndNoHalfRun() {
    relay.bring(State.RUNNING, 104);
    relay.send(Relay.leaving(Transition.STOP_ACTIVITY, 105));
    RelayState before = relay.state;
    Applied refused = ask("1", ENV);
    assertThat(refused.verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(refused.reason()).contains("the end of run 500000");
    assertThat(relay.state).isEqualTo(before);

    relay.send(Relay.entered(Transition.STOP_ACTIVITY, 106));
    assertThat(ask("1", ENV).verdict()).isEqualTo(Verdict.APPLIED);
    assertThat(last().messages())
        .extracting(OutboxMessage::topic)
        .containsExactly("aliecs.env_state.CONFIGURED");
  }

  @Test
  void itHeedsTheSwitches() {
    relay.bring(State.RUNNING, 104);
    relay.send(Relay.created("hidden", 105).kafkaEnabled(false));
    assertThat(ask("1", "hidden").reason()).contains("not published");
    assertThat(ask("1", "unknown").verdict()).isEqualTo(Verdict.UNKNOWN_ENVIRONMENT);
    relay.apply(new SettingsChanged(Relay.OFF, 110));
    assertThat(ask("1", "").reason()).contains("integrationPlugins", "expected: on");
    assertThat(ask("1", ENV).verdict()).isEqualTo(Verdict.REFUSED);
    relay.apply(new SettingsChanged(Relay.ON, 120));
    assertThat(ask("1", "").verdict()).as("a refusal is not remembered").isEqualTo(Verdict.APPLIED);
  }

  @Test
  void itSurvivesATakeOverAndIsNotSentAgainWhenKafkaHasIt() {
    relay.bring(State.RUNNING, 104);
    relay.deliverAll();
    ask("1", "");
    ask("2", ENV);
    long listSequence = last().sequence() - 1;
    long id = last().id();

    relay.apply(new PublishingStarted(JOURNAL, listSequence, Set.of(), 300));

    List<OutboxEntry> pending = relay.state.outbox().after(0, 10);
    assertThat(pending).hasSize(2);
    assertThat(pending.get(0).startsPublishing()).isTrue();
    assertThat(pending.get(1).id()).isEqualTo(id);
    assertThat(pending.get(1).repeats()).isTrue();
  }

  @Test
  void aListThatIsAskedForBeforePublishingHasStartedGoesOutBehindTheFirst() {
    relay = new Relay();
    relay.apply(new Command.JournalCreated(JOURNAL));
    relay.apply(new SettingsChanged(Relay.ON, 1));
    ask("1", "");
    relay.apply(new PublishingStarted("", 0, Set.of(), 1_000));
    assertThat(relay.pending()).containsExactly(list(1_000), list(1_000));
  }

  @Test
  void onlySoManyWaitAndOnlySoManyAreKnownAgain() {
    for (int i = 0; i < Outbox.RESENDS_LIMIT; i++) {
      assertThat(ask("request " + i, "").verdict()).isEqualTo(Verdict.APPLIED);
    }
    Applied refused = ask("one more", "");
    assertThat(refused.verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(refused.reason()).contains("100 repetitions wait");
    relay.apply(new Delivered(relay.state.outbox().delivered() + 1));
    assertThat(ask("one more", "").verdict()).isEqualTo(Verdict.APPLIED);
    assertThat(relay.state.outbox().resends()).hasSize(Outbox.RESENDS_LIMIT);
    relay.deliverAll();
    assertThat(ask("request 0", "").verdict()).as("long ago").isEqualTo(Verdict.APPLIED);
    assertThat(ask("one more", "").verdict()).isEqualTo(Verdict.DUPLICATE);
  }

  @Provide
  Arbitrary<List<EnvironmentEvent>> lives() {
    return Lives.disturbed();
  }

  @Property(tries = 200)
  void whateverHappensReadersGetAllElseAsIfNobodyHadAsked(
      @ForAll("lives") List<EnvironmentEvent> events) {
    Relay asked = Relay.publishing();
    Relay unasked = Relay.publishing();
    int request = 0;
    for (EnvironmentEvent event : events) {
      asked.apply(event);
      unasked.apply(event);
      asked.apply(new ResendRequested("list " + request, "", 5_000));
      asked.apply(new ResendRequested("state " + request++, event.environmentId(), 5_000));
    }
    assertThat(asked.state.environments().keySet())
        .isEqualTo(unasked.state.environments().keySet());
    assertThat(asked.state.activeRuns()).isEqualTo(unasked.state.activeRuns());
    assertThat(asked.state.outbox().listTime()).isEqualTo(unasked.state.outbox().listTime());
    assertThat(Message.of(firstTime(asked), asked.state.outbox().base()))
        .isEqualTo(unasked.pending());
    asked.deliverAll();
    assertThat(asked.state.outbox().base()).isEqualTo(unasked.state.activeRuns());
  }

  private static List<OutboxEntry> firstTime(Relay relay) {
    return relay.state.outbox().after(0, Integer.MAX_VALUE).stream()
        .filter(entry -> !entry.repeats())
        .toList();
  }
}
