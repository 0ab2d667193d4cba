package io.aliecs.relay.domain;

import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.Run;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.OutboxMessage;
import io.aliecs.relay.domain.message.OutboxMessage.Notification;
import io.aliecs.relay.domain.message.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * What is published late because publishing was off when it happened, so that no reader of Kafka is
 * left with half a run. A run whose start was published gets its end, and one that is still on its
 * start; one that lies wholly in the gap stays unpublished. Holds a few entries for each
 * environment that has a run on, or had one when publishing went off.
 *
 * @param openRuns the run whose start is published and whose end is not, by environment id
 * @param owed what is published when publishing is on again, in order of change
 * @param skipped the last runs that lay wholly in a gap, oldest first
 */
public record PublishingGap(
    PMap<String, Long> openRuns, PVector<Owed> owed, PVector<SkippedRun> skipped) {

  /** The most runs whose being skipped is remembered. */
  public static final int SKIPPED_LIMIT = 100;

  public static final PublishingGap NONE =
      new PublishingGap(HashTreePMap.empty(), TreePVector.empty(), TreePVector.empty());

  /**
   * Messages about one run that did not go out in time.
   *
   * @param settled whether they are to go out whatever becomes of the run; otherwise only while it
   *     is on
   */
  public record Owed(long run, boolean settled, OutboxEntry entry) {
    boolean isOf(String environmentId, long number) {
      return run == number && entry.environmentId().equals(environmentId);
    }

    Owed settle() {
      return new Owed(run, true, entry);
    }
  }

  /**
   * A run that began and ended while publishing was off.
   *
   * @param endedAt ms since epoch
   * @param named whether the log has named it, at a start of publishing
   */
  public record SkippedRun(String environmentId, long number, long endedAt, boolean named) {}

  /** When it is not known what was published: taken to be the start of every run that is on. */
  public static PublishingGap assumed(Collection<Environment> environments) {
    PMap<String, Long> open = HashTreePMap.empty();
    for (Environment environment : environments) {
      Run run = environment.run();
      long number = run == null ? environment.announcedRun() : run.number();
      if (environment.publish() && number != 0) {
        open = open.plus(environment.id(), number);
      }
    }
    return new PublishingGap(open, TreePVector.empty(), TreePVector.empty());
  }

  /** These messages are published, or somebody else has published them. */
  PublishingGap published(Environment after, List<OutboxMessage> messages) {
    PMap<String, Long> open = openRuns;
    PVector<Owed> left = owed;
    for (OutboxMessage message : messages) {
      Long started = started(message);
      if (started != null) {
        open = open.plus(after.id(), started);
        left =
            left.minusAll(
                left.stream()
                    .filter(one -> !one.settled() && one.isOf(after.id(), started))
                    .toList());
      }
    }
    return new PublishingGap(open, left, skipped).without(after);
  }

  private static @Nullable Long started(OutboxMessage message) {
    boolean start =
        message.topic().equals(Topics.SOR) || message.topic().equals(Topics.BEFORE_START);
    return start && message instanceof Notification one ? one.environment().runNumber() : null;
  }

  /** Publishing is off: these messages are not published for now. */
  PublishingGap missed(
      @Nullable Environment before,
      Environment after,
      EnvironmentEvent event,
      List<OutboxMessage> messages) {
    String id = after.id();
    long ended = endedRun(before, after);
    PVector<Owed> all = owed;
    for (Map.Entry<Long, List<OutboxMessage>> run : byRun(messages, ended).entrySet()) {
      OutboxEntry entry =
          new OutboxEntry(
              0,
              0,
              id,
              event.eventId(),
              event.timestamp(),
              event.timestamp(),
              run.getValue(),
              Set.of(),
              true,
              0);
      all = all.plus(new Owed(run.getKey(), false, entry));
    }
    if (ended == 0) {
      return new PublishingGap(openRuns, all, skipped).without(after);
    }
    if (Long.valueOf(ended).equals(openRuns.get(id))) {
      List<Owed> settled =
          all.stream().map(one -> one.isOf(id, ended) ? one.settle() : one).toList();
      return new PublishingGap(openRuns.minus(id), TreePVector.from(settled), skipped)
          .without(after);
    }
    PVector<SkippedRun> more = skipped.plus(new SkippedRun(id, ended, event.timestamp(), false));
    return new PublishingGap(openRuns, all, more.size() > SKIPPED_LIMIT ? more.minus(0) : more)
        .without(after);
  }

  private static long endedRun(@Nullable Environment before, Environment after) {
    Run was = before == null ? null : before.run();
    Run is = after.run();
    return was == null || (is != null && is.number() == was.number()) ? 0 : was.number();
  }

  /** Start and end of runs, and the state that was entered with the end; nothing else. */
  private static Map<Long, List<OutboxMessage>> byRun(List<OutboxMessage> messages, long ended) {
    Map<Long, List<OutboxMessage>> byRun = new LinkedHashMap<>();
    for (OutboxMessage message : messages) {
      if (message instanceof Notification one) {
        Long number = one.environment().runNumber();
        boolean entered = one.topic().startsWith(Topics.ENTERED_PREFIX);
        long run = number != null ? number : entered ? ended : 0;
        if (run != 0) {
          byRun.computeIfAbsent(run, any -> new ArrayList<>()).add(message);
        }
      }
    }
    return byRun;
  }

  /** Without what concerns runs of that environment that are not on: nothing was published. */
  private PublishingGap without(Environment after) {
    Run run = after.run();
    long active = run == null ? 0 : run.number();
    Long open = openRuns.get(after.id());
    boolean over = open != null && open != active && open != after.announcedRun();
    List<Owed> notOn =
        owed.stream()
            .filter(one -> !one.settled() && one.entry().environmentId().equals(after.id()))
            .filter(one -> one.run() != active && one.run() != after.announcedRun())
            .toList();
    return new PublishingGap(
        over ? openRuns.minus(after.id()) : openRuns, owed.minusAll(notOn), skipped);
  }

  /** All that is owed is published. */
  PublishingGap paid() {
    PMap<String, Long> open = openRuns;
    for (Owed one : owed) {
      if (!one.settled()) {
        open = open.plus(one.entry().environmentId(), one.run());
      }
    }
    return new PublishingGap(open, TreePVector.empty(), skipped);
  }

  /** The log has named the skipped runs. */
  PublishingGap named() {
    List<SkippedRun> named =
        skipped.stream()
            .map(run -> new SkippedRun(run.environmentId(), run.number(), run.endedAt(), true))
            .toList();
    return new PublishingGap(openRuns, owed, TreePVector.from(named));
  }

  /** The skipped runs that the log has not named yet. */
  public List<SkippedRun> unnamed() {
    return skipped.stream().filter(run -> !run.named()).toList();
  }
}
