package io.aliecs.relay.journal.peers;

import io.aliecs.relay.settings.ClusterHost;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that a peer can be. Those that the journal names belong to the cluster; while it names
 * none, those of the settings do. Thread safe.
 */
public final class KnownHosts {
  private final List<ClusterHost> settings;

  /** Null until the journal is open. */
  private volatile @Nullable Supplier<List<ClusterHost>> journal;

  private volatile Known known;
  private volatile boolean strangerRefused;

  /**
   * @param settings those of {@code cluster.hosts}
   */
  public KnownHosts(List<ClusterHost> settings) {
    this.settings = List.copyOf(settings);
    this.known = new Known(List.of(), List.of(), this.settings);
  }

  /**
   * The journal is open.
   *
   * @param hosts those that it names, the same list until it names others; called often, from any
   *     thread
   */
  public void open(Supplier<List<ClusterHost>> hosts) {
    journal = hosts;
  }

  boolean isOpen() {
    return journal != null;
  }

  /**
   * Adds the hosts that other hosts report as members, until the journal here names others: this
   * host may have missed a change, and the only one to send it the change may be new.
   */
  public void learn(Collection<ClusterHost> hosts) {
    known = new Known(current().named(), List.copyOf(hosts), settings);
  }

  /**
   * Why a server is not the one that is meant; empty when it is.
   *
   * @param host to which the connection was made, as it was named
   * @param port likewise
   * @param certificate that the server shows, signed by an authority that is in force
   */
  public Optional<String> refusal(String host, int port, X509Certificate certificate) {
    List<ClusterHost> all = current().all();
    List<ClusterHost> meant =
        all.stream()
            .filter(one -> one.port() == port && PeerNames.isSame(one.bareHost(), host))
            .toList();
    PeerNames shown = PeerNames.of(certificate);
    return meant.isEmpty() || meant.stream().anyMatch(one -> shown.areOf(one, all))
        ? Optional.empty()
        : Optional.of(
            "another host's (expected: that of "
                + meant.get(0).id()
                + ", with its id where several hosts have one address)");
  }

  /** A peer was refused that is no host of the cluster as it is known here. */
  void strangerRefused() {
    strangerRefused = true;
  }

  /** Whether one was since the last call. */
  public boolean takeStrangerRefused() {
    boolean since = strangerRefused;
    strangerRefused = false;
    return since;
  }

  private Known current() {
    Supplier<List<ClusterHost>> open = journal;
    List<ClusterHost> named = open == null ? List.of() : open.get();
    Known last = known;
    if (last.named() != named) {
      last = new Known(named, List.of(), settings);
      known = last;
    }
    return last;
  }

  /**
   * What the peer with a certificate is now.
   *
   * @param before what it was, to save time while nothing has changed; null for not known
   */
  Standing of(PeerNames names, @Nullable Standing before) {
    Known now = current();
    return before != null && before.known().equals(now) ? before : now.standing(names);
  }

  /**
   * All hosts that are known.
   *
   * @param named by the journal here
   * @param learned from other hosts
   */
  record Known(List<ClusterHost> named, List<ClusterHost> learned, List<ClusterHost> settings) {
    /** Those that belong to the cluster. */
    List<ClusterHost> members() {
      return Stream.concat((named.isEmpty() ? settings : named).stream(), learned.stream())
          .distinct()
          .toList();
    }

    /** Those of the settings that do not, too. */
    List<ClusterHost> all() {
      return Stream.concat(members().stream(), settings.stream()).toList();
    }

    private Standing standing(PeerNames names) {
      List<ClusterHost> members = members();
      List<ClusterHost> all = all();
      Set<String> its = ids(all.stream().filter(host -> names.areOf(host, all)));
      Set<String> belong = ids(members.stream());
      return new Standing(
          its.stream().filter(belong::contains).collect(Collectors.toUnmodifiableSet()),
          its.stream().filter(id -> !belong.contains(id)).collect(Collectors.toUnmodifiableSet()),
          this);
    }

    private static Set<String> ids(Stream<ClusterHost> hosts) {
      return hosts.map(ClusterHost::id).collect(Collectors.toUnmodifiableSet());
    }
  }

  /**
   * What a peer is.
   *
   * @param members hosts of the cluster that its certificate is of
   * @param listed hosts likewise that the settings name and that do not belong to the cluster
   * @param known the hosts that it was compared with
   */
  record Standing(Set<String> members, Set<String> listed, Known known) {
    boolean isMember() {
      return !members.isEmpty();
    }

    Set<String> all() {
      return Stream.concat(members.stream(), listed.stream())
          .collect(Collectors.toUnmodifiableSet());
    }
  }
}
