package io.aliecs.relay.settings;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where the journal lives and how it elects its leader.
 *
 * @param directory folder of the journal on a local disk, made when missing
 * @param hostId name of this host in the group, unique in it
 * @param bindHost address the journal listens on
 * @param port port the journal listens on, 1 to 65535
 * @param electionTimeoutMin least time without a leader before an election
 * @param electionTimeoutMax most time without a leader before an election
 * @param snapshotEvery entries of the journal between two snapshots, 1 or more
 * @param backlogLimit most changes that may wait for Kafka; above it new events are refused
 * @param backlogBytes about the most bytes of memory that they may take; above it likewise
 */
public record JournalOptions(
    Path directory,
    String hostId,
    String bindHost,
    int port,
    Duration electionTimeoutMin,
    Duration electionTimeoutMax,
    long snapshotEvery,
    int backlogLimit,
    long backlogBytes) {

  public JournalOptions {
    Requirement.that(!hostId.isBlank(), "host.id", hostId, "a name");
    Requirement.port("journal.port", port);
    Requirement.that(port != 0, "journal.port", port, "1 to 65535");
    Requirement.that(
        electionTimeoutMin.toMillis() > 0 && electionTimeoutMin.compareTo(electionTimeoutMax) < 0,
        "journal.election-timeout-min",
        electionTimeoutMin.toMillis() + " ms",
        "above 0 and below journal.election-timeout-max");
    Requirement.that(snapshotEvery > 0, "journal.snapshot-every", snapshotEvery, "1 or more");
    Requirement.that(backlogLimit > 0, "journal.backlog-limit", backlogLimit, "1 or more");
    Requirement.that(backlogBytes > 0, "journal.backlog-bytes", backlogBytes, "1 or more");
  }
}
