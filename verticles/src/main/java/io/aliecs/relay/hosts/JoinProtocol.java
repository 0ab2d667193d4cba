package io.aliecs.relay.hosts;

import io.aliecs.relay.bus.status.ClusterChange;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.journal.Journal;
import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.journal.group.RaftGroupInfo;
import io.aliecs.relay.settings.ClusterHost;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a host with an empty disk into a group. It cannot know whether it is new or has lost what it
 * once promised to keep; so it has no vote before it knows better.
 *
 * <ul>
 *   <li>Of all hosts a majority answers, this one with them, and none has a journal: they make one.
 *   <li>There is a journal, and this host belongs to it: its disk is lost. The leader is asked to
 *       take it out and in again; then it is as good as new.
 *   <li>There is a journal without it: it waits for an operator to add it.
 *   <li>Too few answer: it waits.
 * </ul>
 *
 * <p>Lives on one context.
 */
final class JoinProtocol {
  private static final Logger LOG = LoggerFactory.getLogger(JoinProtocol.class);
  private static final Duration SILENT = Duration.ofSeconds(10);
  private static final long NEVER = Long.MIN_VALUE;
  private static final String ENDING = "this host is being stopped";

  private final Vertx vertx;
  private final JournalOptions options;

  /** On the clock of {@link System#nanoTime}; of one step at a time. */
  private long silentSince = NEVER;

  private volatile boolean ending;
  private Future<?> step = Future.succeededFuture();
  private String waitsFor = "";

  JoinProtocol(Vertx vertx, JournalOptions options) {
    this.vertx = vertx;
    this.options = options;
  }

  /** Looks whether there is something to do; to be called now and then. */
  void look(Journal journal) {
    if (ending || !step.isComplete() || (journal.hasGroup() && !journal.mark().isSet())) {
      return;
    }
    step =
        vertx
            .executeBlocking(() -> step(journal), false)
            .onComplete(
                done ->
                    waitFor(
                        done.succeeded()
                            ? done.result()
                            : String.valueOf(done.cause().getMessage())));
  }

  /** Begins nothing more; what it returns completes when nothing is under way, and never fails. */
  Future<?> end() {
    ending = true;
    return step.otherwiseEmpty();
  }

  /** What this host waits for before it takes part; empty when it does. */
  String waitsFor() {
    return waitsFor;
  }

  private void waitFor(String now) {
    if (!now.isEmpty() && !now.equals(waitsFor)) {
      LOG.warn("this host has no part in the journal yet: {}; it is tried again all the time", now);
    }
    waitsFor = now;
  }

  /** Takes one step on a worker thread; returns what it waits for, empty when it is done. */
  private String step(Journal journal) throws IOException {
    List<RaftGroupInfo> kept = new ArrayList<>();
    List<String> empty = new ArrayList<>(List.of(options.hostId()));
    for (ClusterHost host : others()) {
      if (ending) {
        return ENDING;
      }
      try {
        RaftGroupInfo view = journal.admin().ask(host);
        if (view != null && view.hasEntries()) {
          kept.add(view);
        } else {
          empty.add(host.id());
        }
      } catch (IOException away) {
        LOG.debug("{} does not answer", host.id(), away);
      }
    }
    return kept.isEmpty() ? form(journal, empty) : join(journal, kept);
  }

  private String form(Journal journal, List<String> empty) throws IOException {
    int majority = options.hosts().size() / 2 + 1;
    if (journal.hasGroup() || empty.size() < majority) {
      silentSince = NEVER;
      return "only "
          + empty
          + " answer (expected: a host with a journal, or "
          + majority
          + " with empty disks)";
    }
    if (empty.size() < options.hosts().size() && !waitedForSilent()) {
      return "only "
          + empty
          + " answer; they make a new journal when no other host does for "
          + SILENT.toSeconds()
          + " s";
    }
    LOG.info("{} make a new journal", empty);
    journal.form();
    return "";
  }

  /** A host that is silent may have a journal, and be about to be back. */
  private boolean waitedForSilent() {
    long now = System.nanoTime();
    if (silentSince == NEVER) {
      silentSince = now;
    }
    return now - silentSince >= SILENT.toNanos();
  }

  private List<ClusterHost> others() {
    return options.hosts().stream().filter(host -> !host.id().equals(options.hostId())).toList();
  }

  private String join(Journal journal, List<RaftGroupInfo> kept) throws IOException {
    // The group may have hosts that are not in the settings of this one.
    List<ClusterHost> hosts =
        kept.stream()
            .flatMap(view -> view.hosts().stream())
            .filter(host -> !host.id().equals(options.hostId()))
            .distinct()
            .toList();
    Optional<RaftGroupInfo> leader = journal.admin().askLeader(hosts);
    if (ending) {
      return ENDING;
    }
    return leader.isPresent()
        ? join(journal, leader.get())
        : "no host with a journal leads, of " + kept.stream().map(RaftGroupInfo::hostId).toList();
  }

  private String join(Journal journal, RaftGroupInfo leader) throws IOException {
    boolean counted = leader.has(options.hostId());
    if (!journal.hasGroup()) {
      if (counted) {
        journal.mark().setForLostDisk();
        LOG.warn("this host has lost its journal: {} takes it out and in again", leader.hostId());
        change(journal, leader, ClusterChange.remove(options.hostId()));
      }
      journal.mark().setForNewHost();
      journal.follow();
      return "it is being taken in";
    }
    if (!counted && journal.mark().belongs()) {
      change(journal, leader, ClusterChange.add(options.self()));
    } else if (!counted) {
      return "it does not belong to "
          + MembershipPlan.ids(leader.hosts())
          + " (expected: relay hosts add "
          + options.hostId()
          + "="
          + options.self().address()
          + ")";
    }
    ClusterStatus status = journal.status();
    if (!status.current() || status.behind() != 0) {
      return "it is catching up";
    }
    journal.mark().clear();
    LOG.info("this host has the whole journal, and a vote");
    return "";
  }

  private void change(Journal journal, RaftGroupInfo leader, ClusterChange change)
      throws IOException {
    Set<String> alive = new HashSet<>(leader.alive(options.patience().toMillis()));
    alive.add(options.hostId());
    journal.admin().change(leader, MembershipPlan.after(leader.hosts(), alive, change));
  }
}
