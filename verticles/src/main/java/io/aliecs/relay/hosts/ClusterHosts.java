package io.aliecs.relay.hosts;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.status.ClusterChange;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.bus.status.ClusterStatus.Member;
import io.aliecs.relay.journal.Journal;
import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.journal.group.RaftGroupInfo;
import io.aliecs.relay.settings.ClusterHost;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes who belongs to the cluster on requests over the bus, and compares the hosts of the
 * journal with those of the settings. Lives on one context.
 */
final class ClusterHosts {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterHosts.class);

  /** Looks that see the same difference before it is reported. */
  private static final int SETTLED = 30;

  private static final long MOVE_AGAIN_NS = 5_000_000_000L;

  private final Vertx vertx;
  private final JournalOptions options;
  private final Supplier<@Nullable Journal> journal;
  private String difference = "";
  private String seen = "";
  private int looks;
  private long mayMoveAt = System.nanoTime();

  ClusterHosts(Vertx vertx, JournalOptions options, Supplier<@Nullable Journal> journal) {
    this.vertx = vertx;
    this.options = options;
    this.journal = journal;
  }

  void start() {
    vertx.eventBus().localConsumer(BusAddresses.CLUSTER_CHANGE, this::change);
  }

  private void change(Message<ClusterChange> message) {
    Journal open = journal.get();
    if (open == null) {
      message.fail(FailureCode.NOT_READY.code(), "the journal is not open");
      return;
    }
    if (options.alone()) {
      message.fail(
          FailureCode.REFUSED.code(),
          "this host is alone (expected: a restart with cluster.hosts that names all hosts)");
      return;
    }
    ClusterChange change = message.body();
    List<ClusterHost> known = known(open.status());
    Membership membership = new Membership(open.admin(), options.patience().toMillis());
    vertx
        .executeBlocking(() -> membership.change(known, change), false)
        .onSuccess(
            hosts -> {
              LOG.info(
                  "the hosts of the cluster are now {}",
                  hosts.stream().map(host -> host.id() + "=" + host.address()).toList());
              message.reply(open.status(), LocalRecords.LOCAL);
            })
        .onFailure(
            failure -> {
              boolean refused = failure instanceof IllegalArgumentException;
              String why = String.valueOf(failure.getMessage());
              LOG.warn("the hosts of the cluster were not changed: {}", why);
              message.fail((refused ? FailureCode.REFUSED : FailureCode.NOT_READY).code(), why);
            });
  }

  private List<ClusterHost> known(ClusterStatus status) {
    return Stream.concat(status.members().stream().map(Member::host), options.hosts().stream())
        .distinct()
        .toList();
  }

  /** Looks at this host; to be called now and then. */
  void look(Journal open, ClusterStatus status) {
    String now = status.members().isEmpty() ? "" : difference(status);
    looks = now.equals(seen) ? looks + 1 : 1;
    seen = now;
    if (looks == SETTLED) {
      // A host that gets its journal back is out for a moment, and that is no news.
      difference = now;
      if (!now.isEmpty()) {
        LOG.warn("{}", now);
      }
    }
    if (isAloneElsewhere(status) && System.nanoTime() - mayMoveAt >= 0) {
      move(open);
    }
  }

  /** How the settings differ from the journal, which is right; empty when they do not. */
  String difference() {
    return difference;
  }

  private String difference(ClusterStatus status) {
    // Nobody needs the address of a host that is alone.
    return options.alone() && status.members().size() == 1
        ? ""
        : difference(options.hosts(), status.members());
  }

  static String difference(List<ClusterHost> settings, List<Member> journal) {
    List<String> listed = settings.stream().map(host -> host.id() + "=" + host.address()).toList();
    List<String> kept = journal.stream().map(one -> one.id() + "=" + one.address()).toList();
    return listed.size() == kept.size() && listed.containsAll(kept)
        ? ""
        : "cluster.hosts: "
            + listed.stream().sorted().toList()
            + " (expected: as in the journal, "
            + kept
            + "; see relay hosts)";
  }

  /** A host that was alone on loopback and is to get others needs an address that they reach. */
  private boolean isAloneElsewhere(ClusterStatus status) {
    return !options.alone()
        && status.leading()
        && status.members().size() == 1
        && !status.members().get(0).address().equals(options.self().address());
  }

  private void move(Journal open) {
    mayMoveAt = System.nanoTime() + MOVE_AGAIN_NS;
    vertx
        .executeBlocking(() -> moveAlone(open), false)
        .onComplete(
            done -> {
              if (done.failed()) {
                LOG.warn(
                    "the address in the journal stays: {}; tried again", done.cause().toString());
              } else {
                LOG.info("the journal knows this host at {} now", options.self().address());
              }
            });
  }

  private @Nullable Void moveAlone(Journal open) throws IOException {
    Optional<RaftGroupInfo> view = open.admin().askLeader(List.of(options.self()));
    if (view.isPresent() && view.get().hosts().size() == 1) {
      open.admin().move(view.get(), options.self());
    }
    return null;
  }
}
