package io.aliecs.relay.domain;

import static io.aliecs.relay.domain.Message.list;
import static io.aliecs.relay.domain.Relay.JOURNAL;
import static io.aliecs.relay.domain.Relay.created;
import static io.aliecs.relay.domain.Relay.entered;
import static io.aliecs.relay.domain.Relay.leaving;
import static io.aliecs.relay.domain.Relay.listed;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.Command.PublishingStarted;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** As of when a list is: it never goes back. */
class ListTimeTest {
  private final Relay relay = Relay.publishing();

  private void start(long now) {
    relay.apply(new PublishingStarted(JOURNAL, relay.state.outbox().delivered(), Set.of(), now));
  }

  private static List<Message> lists(List<Message> messages) {
    return messages.stream().filter(Message::isList).toList();
  }

  @Test
  void aListHasTheTimeOfItsChange() {
    relay.send(created("one", 100));
    relay.send(created("two", 200));
    assertThat(relay.pending()).filteredOn(Message::isList).containsExactly(list(100), list(200));
  }

  @Test
  void theListOfAnOlderChangeHasTheTimeOfTheListBeforeAndItsNotificationItsOwn() {
    relay.send(created("one", 200));
    List<Message> told = relay.told(created("two", 100));
    assertThat(told).extracting(Message::timestamp).containsExactly(100L, 200L);
    assertThat(relay.told(created("three", 150))).last().isEqualTo(list(200));
  }

  @Test
  void onlyListsCount() {
    relay.bring(State.CONFIGURED, 104);
    relay.send(leaving(Transition.RESET, 900));
    assertThat(relay.told(entered(Transition.RESET, 300))).last().isEqualTo(list(300));
  }

  @Test
  void whatIsPendingAtAStartIsRestatedAsOfTheNewestChange() {
    relay.bring(State.RUNNING, 104);
    relay.send(created("hidden", 170).kafkaEnabled(false));
    start(5_000);
    assertThat(lists(relay.pending()))
        .hasSize(5)
        .allMatch(message -> message.equals(list(170, listed(500_000, 104))));
  }

  @Test
  void theFirstListOfAllIsAsOfThePresent() {
    Relay empty = new Relay();
    empty.apply(new Command.JournalCreated(JOURNAL));
    empty.apply(new Command.SettingsChanged(Relay.ON, 1));
    empty.apply(new PublishingStarted("", 0, Set.of(), 700));
    assertThat(empty.pending()).containsExactly(list(700));
    empty.send(created("late", 600));
    assertThat(empty.pending()).last().isEqualTo(list(700));
  }

  @Test
  void aListThatKafkaHasIsNotFollowedByAnOlderOne() {
    relay.send(created("one", 100));
    relay.apply(new PublishingStarted("another", 7, 400, Set.of(), List.of(), 5_000));
    assertThat(lists(relay.pending())).containsOnly(list(400));
  }

  @Property
  void timesAscendWhateverTheOrderOfChangesAndHoweverOftenPublishingStarts(
      @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 1_000) Integer> times) {
    Relay any = Relay.publishing();
    long last = 0;
    for (int i = 0; i < times.size(); i++) {
      int time = times.get(i);
      if (time % 7 == 0) {
        any.apply(new PublishingStarted(JOURNAL, any.state.outbox().delivered(), Set.of(), time));
      } else {
        any.send(created("environment-" + i, time));
      }
      if (time % 3 == 0) {
        for (Message list : lists(any.pending())) {
          assertThat(list.timestamp()).isGreaterThanOrEqualTo(last);
          last = list.timestamp();
        }
        any.deliverAll();
      }
    }
  }
}
