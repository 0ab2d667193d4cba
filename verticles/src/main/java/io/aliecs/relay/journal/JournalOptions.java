package io.aliecs.relay.journal;

import io.aliecs.relay.journal.tls.ClusterCertificates;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.settings.Requirement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where the journal lives, who keeps it and how it elects its leader.
 *
 * @param directory folder of the journal on a local disk, made when missing
 * @param hostId name of this host in the group, unique in it
 * @param hosts every host that keeps the journal when it is made, this one too; afterwards the
 *     journal itself knows
 * @param alone whether no other host is to reach this one: then its journal opens no port
 * @param tls how hosts prove who they are; empty for plain text
 * @param electionTimeoutMin least time without a leader before an election
 * @param electionTimeoutMax most time without a leader before an election
 * @param snapshotEvery entries of the journal between two snapshots, 1 or more
 * @param backlogLimit most changes that may wait for Kafka; above it new events are refused
 * @param backlogBytes about the most bytes of memory that they may take; above it likewise
 */
public record JournalOptions(
    Path directory,
    String hostId,
    List<ClusterHost> hosts,
    boolean alone,
    Optional<ClusterCertificates> tls,
    Duration electionTimeoutMin,
    Duration electionTimeoutMax,
    long snapshotEvery,
    int backlogLimit,
    long backlogBytes) {

  public JournalOptions {
    hosts = List.copyOf(hosts);
    Requirement.that(!hostId.isBlank(), "host.id", hostId, "a name");
    ClusterHost.requireGroup(hosts, hostId);
    Requirement.that(!alone || hosts.size() == 1, "cluster.hosts", hosts.size() + " hosts", "one");
    Requirement.that(
        electionTimeoutMin.toMillis() > 0 && electionTimeoutMin.compareTo(electionTimeoutMax) < 0,
        "journal.election-timeout-min",
        electionTimeoutMin.toMillis() + " ms",
        "above 0 and below journal.election-timeout-max");
    Requirement.that(snapshotEvery > 0, "journal.snapshot-every", snapshotEvery, "1 or more");
    Requirement.that(backlogLimit > 0, "journal.backlog-limit", backlogLimit, "1 or more");
    Requirement.that(backlogBytes > 0, "journal.backlog-bytes", backlogBytes, "1 or more");
  }

  /** The only host there is. Nothing listens at its address, which a journal must have. */
  public static ClusterHost alone(String hostId) {
    return new ClusterHost(hostId, "127.0.0.1", 8701);
  }

  /** This host. */
  public ClusterHost self() {
    return hosts.stream().filter(host -> host.id().equals(hostId)).findFirst().orElseThrow();
  }

  /** A host that has been silent for longer is away. */
  public Duration patience() {
    return electionTimeoutMax.multipliedBy(2);
  }
}
