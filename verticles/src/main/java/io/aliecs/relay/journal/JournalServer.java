package io.aliecs.relay.journal;

import io.aliecs.relay.journal.disk.FolderLock;
import io.aliecs.relay.journal.disk.JoinMarker;
import io.aliecs.relay.journal.disk.JournalInspection;
import io.aliecs.relay.journal.group.LeaderLoss;
import io.aliecs.relay.journal.group.RaftGroupInfo;
import io.aliecs.relay.journal.peers.KnownHosts;
import io.aliecs.relay.journal.peers.PeerGuard;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.text.Causes;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachine;
import org.jspecify.annotations.Nullable;

/**
 * The Ratis server of this host, over a folder that is locked and was inspected.
 *
 * @param mark set while this host has no vote
 * @param guard decides which requests of others are let in
 * @param loss has this host stand for election when the leader's process ends
 */
record JournalServer(
    RaftServer raft, JoinMarker mark, PeerGuard guard, LeaderLoss loss, FolderLock lock)
    implements Closeable {
  static final RaftGroupId GROUP_ID =
      RaftGroupId.valueOf(UUID.nameUUIDFromBytes("aliecs-relay".getBytes(StandardCharsets.UTF_8)));

  /**
   * Opens the folder and the port, and takes part in the group that the folder has a journal of.
   *
   * @throws IOException when the folder cannot be used, the port is taken or what is in the folder
   *     cannot be read; the message says which
   */
  static JournalServer open(JournalOptions options, StateMachine.Registry machines)
      throws IOException {
    FolderLock lock = FolderLock.of(options.directory());
    try {
      if (!options.alone()) {
        requireUsable(options.self());
      }
      Path folder = options.directory().resolve(GROUP_ID.getUuid().toString());
      JournalInspection.inspect(folder);
      JoinMarker mark = new JoinMarker(options.directory());
      PeerGuard guard = new PeerGuard(new KnownHosts(options.hosts()), options.tls().isPresent());
      LeaderLoss loss = new LeaderLoss();
      RaftServer raft = start(options, group(options, folder, mark), machines, guard, loss);
      requireOwn(raft, options);
      loss.begin(raft);
      return new JournalServer(raft, mark, guard, loss, lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** A host that cannot listen at its address: Ratis ends the process, and says nothing helpful. */
  static void requireUsable(ClusterHost self) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(self.bareHost(), self.port()));
    } catch (IOException e) {
      throw new IOException(
          "cluster.hosts: "
              + self.id()
              + " cannot listen on "
              + self.address()
              + ": "
              + e.getMessage()
              + " (expected: an address of this host, a name that it can look up, a free port)",
          e);
    }
  }

  /** The hosts that count until the journal itself says who belongs to it; null for none yet. */
  private static @Nullable RaftGroup group(JournalOptions options, Path folder, JoinMarker mark) {
    boolean kept = Files.exists(folder.resolve("current").resolve("raft-meta"));
    if (kept && mark.isSet()) {
      return RaftGroup.valueOf(GROUP_ID);
    }
    boolean alone = options.hosts().size() == 1;
    return kept || alone ? RaftGroup.valueOf(GROUP_ID, peers(options)) : null;
  }

  /** The hosts of the settings. */
  static List<RaftPeer> peers(JournalOptions options) {
    return options.hosts().stream().map(RaftGroupInfo::peer).toList();
  }

  private static RaftServer start(
      JournalOptions options,
      @Nullable RaftGroup group,
      StateMachine.Registry machines,
      PeerGuard guard,
      LeaderLoss loss)
      throws IOException {
    Parameters parameters = RaftSettings.parameters(options, guard.hosts());
    GrpcConfigKeys.Server.setServicesCustomizer(
        parameters, (builder, services) -> guard.customize(builder.intercept(loss), services));
    RaftServer raft =
        RaftServer.newBuilder()
            .setServerId(RaftPeerId.valueOf(options.hostId()))
            .setGroup(group)
            .setStateMachineRegistry(machines)
            .setProperties(RaftSettings.properties(options))
            .setParameters(parameters)
            .setOption(RaftStorage.StartupOption.RECOVER)
            .build();
    try {
      ManagementFactory.getPlatformMBeanServer(); // what takes longest of the start of Ratis
      raft.start();
      return raft;
    } catch (IOException | RuntimeException e) {
      raft.close();
      throw new IOException(
          options.directory() + ": the journal cannot be opened: " + Causes.root(e), e);
    }
  }

  /** Nobody would ever lead: a host that is alone in the settings waits for nobody else either. */
  private static void requireOwn(RaftServer raft, JournalOptions options) throws IOException {
    if (options.hosts().size() > 1 || !raft.getGroupIds().iterator().hasNext()) {
      return;
    }
    List<String> ids =
        raft.getDivision(GROUP_ID).getRaftConf().getAllPeers().stream()
            .map(peer -> peer.getId().toString())
            .toList();
    if (!ids.isEmpty() && !ids.contains(options.hostId())) {
      raft.close();
      throw new IOException(
          "host.id: "
              + options.hostId()
              + " (expected: "
              + String.join(" or ", ids)
              + ", whose journal is in "
              + options.directory()
              + "; or another data.dir)");
    }
  }

  @Override
  public void close() throws IOException {
    try (loss) {
      raft.close();
    } finally {
      lock.close();
    }
  }
}
