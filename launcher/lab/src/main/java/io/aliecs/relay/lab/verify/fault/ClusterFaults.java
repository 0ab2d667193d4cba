package io.aliecs.relay.lab.verify.fault;

import io.aliecs.relay.lab.Await;
import io.aliecs.relay.lab.RelayHome;
import io.aliecs.relay.lab.verify.hosts.RelayHosts;
import io.aliecs.relay.lab.verify.hosts.RelayProcess;
import io.aliecs.relay.lab.verify.plan.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Damage to several control hosts. For one thread at a time. */
final class ClusterFaults {
  private static final Duration NOTICE_LIMIT = Duration.ofSeconds(30);

  /** Longer than any timeout of journal or Kafka, at times. */
  private static final int LONGEST_AWAY_MS = 20_000;

  private static final List<Fault> MIX =
      List.of(Fault.KILL_LEADER, Fault.PAUSE_LEADER, Fault.SPLIT_LEADER, Fault.KILL_ALL);

  private final RelayHosts hosts;
  private final Fault named;
  private final Random random;
  private final List<String> mishaps;
  private Fault fault;
  private int round;
  private @Nullable RelayProcess away;

  /**
   * @param mishaps to which is added what goes wrong besides the messages
   */
  ClusterFaults(RelayHosts hosts, Fault fault, Random random, List<String> mishaps) {
    this.mishaps = mishaps;
    this.hosts = hosts;
    this.named = fault;
    this.fault = fault;
    this.random = random;
  }

  /** Breaks something; returns when that began, ms since epoch. */
  long inject() throws IOException, InterruptedException {
    fault = named == Fault.MIXED ? MIX.get(round++ % MIX.size()) : named;
    return switch (fault) {
      case KILL_LEADER -> killLeader();
      case PAUSE_LEADER -> pauseLeader();
      case SPLIT_LEADER -> split(hosts.leader());
      case SPLIT_FOLLOWER -> split(follower());
      case KILL_ALL -> killAll();
      case WIPE_DISK -> wipeDisk();
      case ROLLING_RESTART -> rolling(null);
      case ROLLING_UPGRADE -> rolling(RelayHome.lib());
      default -> throw new IllegalStateException(fault + " (expected: one of a cluster)");
    };
  }

  /** Repairs what is repaired only after messages flow again; returns when all is whole. */
  void recover() throws IOException, InterruptedException {
    RelayProcess host = away;
    away = null;
    if (host != null) {
      switch (fault) {
        case PAUSE_LEADER -> {
          FaultInjector.pause(random, 10_000, LONGEST_AWAY_MS);
          host.resume();
        }
        case SPLIT_LEADER, SPLIT_FOLLOWER -> {
          requireCutOff(host);
          FaultInjector.pause(random, 0, LONGEST_AWAY_MS);
          hosts.heal(host);
        }
        default -> host.start();
      }
    }
    hosts.awaitWhole();
  }

  private long killLeader() throws InterruptedException {
    RelayProcess leader = hosts.leader();
    long since = System.currentTimeMillis();
    leader.kill();
    away = leader;
    return since;
  }

  private long pauseLeader() throws IOException, InterruptedException {
    RelayProcess leader = hosts.leader();
    long since = System.currentTimeMillis();
    leader.suspend();
    away = leader;
    return since;
  }

  /** Half of the leaders can still write to Kafka, and must not do so wrongly. */
  private long split(RelayProcess host) throws IOException, InterruptedException {
    boolean fromKafka = random.nextBoolean();
    long since = System.currentTimeMillis();
    hosts.cut(host, fromKafka);
    away = host;
    return since;
  }

  private RelayProcess follower() throws InterruptedException {
    List<RelayProcess> followers = new ArrayList<>(hosts.all());
    followers.remove(hosts.leader());
    return followers.get(random.nextInt(followers.size()));
  }

  /** A host that is cut off must say so, in every way there is. */
  private void requireCutOff(RelayProcess host) throws InterruptedException {
    boolean noticed =
        Await.until(
            NOTICE_LIMIT,
            () ->
                host.metric("relay_cluster_current").orElse(-1) == 0
                    && host.isUnreadyFor("no leader is known")
                    && host.clusterRole().equals("cut off"));
    if (!noticed) {
      mishaps.add(
          host.id()
              + " is cut off: relay_cluster_current "
              + host.metric("relay_cluster_current")
              + ", role \""
              + host.clusterRole()
              + "\" (expected: 0, \"cut off\", and not ready; no leader is known)");
    }
  }

  private long killAll() throws IOException, InterruptedException {
    for (RelayProcess host : hosts.all()) {
      host.kill();
    }
    long since = System.currentTimeMillis();
    hosts.start();
    return since;
  }

  private long wipeDisk() throws IOException, InterruptedException {
    RelayProcess host = hosts.all().get(random.nextInt(hosts.all().size()));
    long since = System.currentTimeMillis();
    host.kill();
    Utils.delete(host.folder().toFile());
    host.start();
    return since;
  }

  /**
   * @param lib what hosts run from then on; null for what they run
   */
  private long rolling(@Nullable Path lib) throws IOException, InterruptedException {
    long since = System.currentTimeMillis();
    for (RelayProcess host : hosts.all()) {
      since = System.currentTimeMillis();
      stop(host);
      if (lib != null) {
        host.use(lib);
      }
      host.start();
      hosts.awaitWhole();
    }
    return since;
  }

  private void stop(RelayProcess host) throws InterruptedException {
    int code = host.stop();
    if (code != 0) {
      mishaps.add("exit code " + code + " on SIGTERM (expected: 0)");
    }
  }
}
