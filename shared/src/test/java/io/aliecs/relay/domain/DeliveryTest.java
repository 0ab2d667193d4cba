package io.aliecs.relay.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.command.Command.Delivered;
import io.aliecs.relay.domain.command.Command.PublishingStarted;
import io.aliecs.relay.domain.command.Command.SettingsChanged;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.PublishingSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;

/** Publishers that die, are switched off and move, between changes: nothing lost, nothing twice. */
class DeliveryTest {

  private enum Chance {
    CHANGE,
    SEND_SOME,
    CONFIRM,
    DIE_AND_START,
    SWITCH_OFF,
    SWITCH_ON,
    MOVE
  }

  /** A publisher and its Kafka: it sends in order, confirms late, and may die in between. */
  private static final class World {
    final Relay relay = Relay.publishing();
    final List<Long> log = new ArrayList<>();
    final Map<String, EnvironmentInfo> list = new LinkedHashMap<>();
    String watermarkJournal = Relay.JOURNAL;
    long watermark = relay.state.outbox().delivered();
    boolean publishing = true;

    void send(int limit) {
      if (!publishing) {
        return;
      }
      for (OutboxEntry entry : relay.state.outbox().after(watermark, limit)) {
        List<Message> messages = Message.of(List.of(entry), list);
        if (entry.startsPublishing()) {
          assertThat(messages).singleElement().returns(listed(relay.state), Message::about);
        } else {
          log.add(entry.id());
        }
        for (Message message : messages) {
          if (message.isList()) {
            list.clear();
            message.about().forEach(run -> list.put(run.environmentId(), run));
          }
        }
        watermark = entry.sequence();
        watermarkJournal = Relay.JOURNAL;
      }
    }

    void confirm() {
      if (watermarkJournal.equals(Relay.JOURNAL)) {
        relay.apply(new Delivered(watermark));
      }
    }

    /** A new publisher: its first list holds all that is active at that moment. */
    void start() {
      relay.apply(new PublishingStarted(watermarkJournal, watermark, Set.of(), 5));
      watermark = relay.state.outbox().delivered();
      list.clear();
      list.putAll(relay.state.outbox().base());
      publishing = true;
      send(1);
    }

    void move(int offset) {
      confirm();
      watermarkJournal = offset % 2 == 0 ? "" : "another";
      watermark = offset % 2 == 0 ? 0 : offset;
      start();
    }

    void switchTo(PublishingSettings settings) {
      boolean wasOn = relay.state.settings().pluginEnabled();
      relay.apply(new SettingsChanged(settings, 4));
      if (!settings.pluginEnabled()) {
        publishing = false;
      } else if (!wasOn) {
        start();
      }
    }
  }

  private static List<EnvironmentInfo> listed(RelayState state) {
    return state.running().stream()
        .filter(Environment::publish)
        .map(Environment::activeRun)
        .toList();
  }

  @Provide
  Arbitrary<List<EnvironmentEvent>> lives() {
    return Lives.disturbed();
  }

  @Provide
  Arbitrary<List<Integer>> chances() {
    return Arbitraries.integers()
        .between(0, 199)
        .withDistribution(RandomDistribution.uniform())
        .list()
        .ofMinSize(20)
        .ofMaxSize(250)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  @Property
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void everyEntryIsInKafkaOnceAndInOrder(
      @ForAll("lives") List<EnvironmentEvent> events, @ForAll("chances") List<Integer> chances) {
    World world = new World();
    int next = 0;
    for (int chance : chances) {
      switch (chance(chance)) {
        case CHANGE -> {
          if (next < events.size()) {
            world.relay.apply(events.get(next++));
          }
        }
        case SEND_SOME -> world.send(1 + chance % 4);
        case CONFIRM -> world.confirm();
        case DIE_AND_START -> {
          if (world.publishing) {
            world.start();
          }
        }
        case SWITCH_OFF -> world.switchTo(Relay.OFF);
        case SWITCH_ON -> world.switchTo(Relay.ON);
        case MOVE -> {
          if (world.publishing) {
            world.move(chance);
          }
        }
      }
    }
    world.switchTo(Relay.ON);
    world.start();
    world.send(Integer.MAX_VALUE);
    world.confirm();

    RelayState end = world.relay.state;
    assertThat(world.log)
        .containsExactlyElementsOf(LongStream.range(1, end.outbox().nextId()).boxed().toList());
    assertThat(end.outbox().size()).isZero();
    assertThat(end.outbox().base()).isEqualTo(end.activeRuns());
    assertThat(world.list.values()).containsExactlyInAnyOrderElementsOf(listed(end));
    Statistics.label("many entries")
        .collect(world.log.size() > 20)
        .coverage(coverage -> coverage.check(true).percentage(share -> share > 10));
  }

  private static Chance chance(int number) {
    if (number < 120) {
      return Chance.CHANGE;
    }
    return Chance.values()[1 + number % (Chance.values().length - 1)];
  }
}
