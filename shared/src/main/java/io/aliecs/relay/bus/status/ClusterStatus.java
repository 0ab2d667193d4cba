package io.aliecs.relay.bus.status;

import io.aliecs.relay.settings.ClusterHost;
import java.util.List;

/**
 * What this host knows of the cluster, as of the moment it is asked.
 *
 * <p>What is not known is {@value #UNKNOWN}: a follower knows of the leader alone, and a host that
 * is cut off does not know how far it is behind.
 *
 * @param hostId this host
 * @param leaderId the host that leads, empty when none is known
 * @param leading whether that is this host
 * @param term term of the journal; a later leader has a higher one
 * @param current whether the last sign of life of the leader, or for the leader those of a
 *     majority, are recent enough to know what is true: when false, what it shows may be old
 * @param heardMs how long ago that was, in ms; 0 for a host that is alone
 * @param index last journal entry applied on this host
 * @param behind entries that are safe and not applied on this host yet
 * @param certificateUntil when the certificate that this host shows the others ends to be valid, ms
 *     since epoch; unknown for a host without one
 * @param members every host of the cluster, this one too, by id
 */
public record ClusterStatus(
    String hostId,
    String leaderId,
    boolean leading,
    long term,
    boolean current,
    long heardMs,
    long index,
    long behind,
    long certificateUntil,
    List<Member> members) {
  /** Stands for what this host cannot know. */
  public static final long UNKNOWN = -1;

  public ClusterStatus {
    members = List.copyOf(members);
  }

  /** With a certificate that is valid until then, ms since epoch. */
  public ClusterStatus withCertificate(long until) {
    return new ClusterStatus(
        hostId, leaderId, leading, term, current, heardMs, index, behind, until, members);
  }

  /**
   * A host of the cluster.
   *
   * @param address of its journal
   * @param heardMs how long ago the last sign of life of it came to this host, in ms
   * @param behind entries that are safe and not known to be on its disk yet
   */
  public record Member(String id, String address, long heardMs, long behind) {
    /** Who it is and where its journal is. */
    public ClusterHost host() {
      return ClusterHost.of(id, address);
    }
  }
}
