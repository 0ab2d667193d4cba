package io.aliecs.relay.journal;

import io.aliecs.relay.journal.disk.JournalInspection;
import io.aliecs.relay.journal.group.NoNetwork;
import io.aliecs.relay.journal.peers.KnownHosts;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** How the journal uses Ratis: what its defaults do otherwise, and why. */
final class RaftSettings {
  /** Not sooner: Ratis 3.3 may lead before it has started what commits, and then never commits. */
  private static final TimeDuration SOON = TimeDuration.valueOf(100, TimeUnit.MILLISECONDS);

  /**
   * How soon the leader tries again to reach another host: pauses and how many of each. By default
   * Ratis waits 5 s from the 30th time, so that a host that is back stands by for as long, and
   * tries without any pause after 1,000 of those.
   */
  private static final String REACH_AGAIN = "10ms,10, 200ms," + Integer.MAX_VALUE;

  /** What is larger is refused before it is read; snapshots come in pieces of 16 MB. */
  private static final SizeInBytes LARGEST_FRAME = SizeInBytes.valueOf("17MB");

  private RaftSettings() {}

  static RaftProperties properties(JournalOptions options) {
    RaftProperties properties = new RaftProperties();
    RaftServerConfigKeys.setStorageDir(properties, List.of(options.directory().toFile()));
    if (options.alone()) {
      RaftConfigKeys.Rpc.setType(properties, new NoNetwork());
      // A second entry behind each would show followers, and a host that is back, what is
      // committed.
      // Here none can ever follow, and the host elects itself at once.
      RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
    }
    GrpcConfigKeys.Server.setHost(properties, options.self().host());
    GrpcConfigKeys.Server.setPort(properties, options.self().port());
    TimeDuration min = millis(options.electionTimeoutMin());
    TimeDuration max = millis(options.electionTimeoutMax());
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, min);
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, max);
    // A host that is alone has nobody to wait for.
    boolean alone = options.hosts().size() == 1;
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, alone ? SOON : min);
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, alone ? SOON : max);
    // Ratis would close itself for ever after a pause of a minute; a host that goes on after one
    // learns from the others what has changed, and has nothing to learn when it is alone.
    RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(365, TimeUnit.DAYS));
    // Both are off by default, and then the disk fills.
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, options.snapshotEvery());
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
    // The defaults hold some 100 MB of buffers.
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("8MB"));
    RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("1MB"));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("16MB"));
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(
        properties, JournalInspection.LARGEST_ENTRY);
    RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf("4128KB"));
    GrpcConfigKeys.setMessageSizeMax(properties, LARGEST_FRAME);
    RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, REACH_AGAIN);
    return properties;
  }

  /** The TLS of connections to other hosts, where there are certificates. */
  static Parameters parameters(JournalOptions options, KnownHosts hosts) {
    Parameters parameters = new Parameters();
    options
        .tls()
        .ifPresent(
            tls ->
                GrpcConfigKeys.TLS.setConf(
                    parameters,
                    new GrpcTlsConfig(tls.keyManager(), tls.trustManager(hosts), true)));
    return parameters;
  }

  private static TimeDuration millis(Duration duration) {
    return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
  }
}
