package io.aliecs.relay.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.journal.codec.EntryReader;
import io.aliecs.relay.proto.journal.Batch;
import io.aliecs.relay.proto.journal.CommandRecord;
import io.aliecs.relay.proto.journal.EnvironmentEventRecord;
import io.aliecs.relay.proto.journal.HistoryLimited;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.testkit.FreePort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.conf.Parameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three hosts meet entries that cannot be applied: refused, or skipped by all when written. */
@Tag("slow")
class BadEntryTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** What cannot be applied, by what is wrong with it. */
  private static final Map<String, byte[]> BAD =
      Map.of(
          "ten bytes",
          "0123456789".getBytes(StandardCharsets.UTF_8),
          "nothing",
          new byte[0],
          "no command that is known",
          batch(1, CommandRecord.getDefaultInstance()),
          "an event of no moment",
          batch(
              1,
              CommandRecord.newBuilder()
                  .setEnvironmentEvent(EnvironmentEventRecord.newBuilder().setMoment("NEVER\n"))
                  .build()),
          "a command that its version does not have",
          batch(
              1,
              CommandRecord.newBuilder()
                  .setHistoryLimited(HistoryLimited.newBuilder().setEnvironments(1))
                  .build()),
          "too large",
          new byte[EntryReader.MOST_BYTES + 1]);

  private static final byte[] GOOD =
      batch(
          1,
          CommandRecord.newBuilder()
              .setEnvironmentEvent(
                  EnvironmentEventRecord.newBuilder()
                      .setEventId("1")
                      .setEnvironmentId("2rRwFAqBXfd")
                      .setMoment("CREATED")
                      .setTimestamp(1))
              .build());

  @TempDir Path folder;
  private final List<Journal> open = new ArrayList<>();
  private final List<Heard> heard = new ArrayList<>();
  private final List<ClusterHost> hosts = new ArrayList<>();

  private static byte[] batch(int version, CommandRecord command) {
    return Batch.newBuilder().setVersion(version).addCommand(command).build().toByteArray();
  }

  /** What a host tells. */
  private static final class Heard implements JournalListener {
    final Map<Long, String> skipped = new ConcurrentHashMap<>();
    volatile String broken = "";
    volatile RelayState state = RelayState.EMPTY;

    @Override
    public void applied(long index, RelayState applied, Set<String> environmentIds) {
      state = applied;
    }

    @Override
    public void skipped(long index, String reason) {
      skipped.put(index, reason);
    }

    @Override
    public void leadership(Leadership leadership) {}

    @Override
    public void broken(String reason) {
      broken = reason;
    }
  }

  private void start(Function<JournalListener, JournalStateMachine> machine) throws Exception {
    boolean first = hosts.isEmpty();
    if (first) {
      int port = FreePort.find(3);
      IntStream.range(0, 3)
          .mapToObj(i -> new ClusterHost("r" + i, "127.0.0.1", port + i))
          .forEach(hosts::add);
    }
    heard.clear();
    for (ClusterHost host : hosts) {
      Heard listener = new Heard();
      heard.add(listener);
      open.add(Journal.start(options(host), listener, machine));
    }
    if (first) {
      for (Journal journal : open) {
        journal.form();
      }
    }
    await().atMost(LIMIT).until(() -> open.stream().anyMatch(one -> one.status().leading()));
  }

  private JournalOptions options(ClusterHost host) {
    return new JournalOptions(
        folder.resolve(host.id()),
        host.id(),
        hosts,
        false,
        Optional.empty(),
        Duration.ofMillis(1_000),
        Duration.ofMillis(2_000),
        1_000_000,
        1_000,
        1_000_000);
  }

  @AfterEach
  void stop() throws Exception {
    for (Journal journal : open) {
      journal.close();
    }
    open.clear();
  }

  private void awaitGoodOnAll() throws Exception {
    try (RaftClient client = StrangerClient.to(hosts, new Parameters())) {
      assertThat(StrangerClient.write(client, GOOD).isSuccess()).isTrue();
    }
    await()
        .atMost(LIMIT)
        .until(() -> heard.stream().allMatch(one -> one.state.environments().size() == 1));
  }

  @Test
  void whatCannotBeAppliedIsRefusedBeforeItIsWritten() throws Exception {
    start(JournalStateMachine::new);
    try (RaftClient client = StrangerClient.to(hosts, new Parameters())) {
      for (Map.Entry<String, byte[]> bad : BAD.entrySet()) {
        assertThatThrownBy(() -> StrangerClient.write(client, bad.getValue()))
            .as(bad.getKey())
            .hasRootCauseInstanceOf(IOException.class)
            .hasStackTraceContaining("expected: ");
      }
      byte[] newer = batch(EntryReader.VERSION + 1, CommandRecord.getDefaultInstance());
      assertThatThrownBy(() -> StrangerClient.write(client, newer))
          .hasStackTraceContaining("version: ");
    }
    awaitGoodOnAll();
    assertThat(heard)
        .allSatisfy(one -> assertThat(one.skipped).isEmpty())
        .allSatisfy(one -> assertThat(one.broken).isEmpty());
  }

  @Test
  void whatWasWrittenAllTheSameIsSkippedByEveryHostWhichAllStartAgain() throws Exception {
    start(Unchecked::new);
    try (RaftClient client = StrangerClient.to(hosts, new Parameters())) {
      for (Map.Entry<String, byte[]> bad : BAD.entrySet()) {
        assertThat(StrangerClient.write(client, bad.getValue()).isSuccess()).isTrue();
      }
    }
    awaitGoodOnAll();
    assertAllSkippedTheSame();
    stop();

    start(JournalStateMachine::new);
    awaitGoodOnAll();
    assertThat(heard).allSatisfy(one -> assertThat(one.broken).isEmpty());
  }

  private void assertAllSkippedTheSame() {
    assertThat(heard.get(0).skipped).hasSize(BAD.size());
    assertThat(heard)
        .allSatisfy(one -> assertThat(one.broken).isEmpty())
        .allSatisfy(one -> assertThat(one.skipped).isEqualTo(heard.get(0).skipped))
        .allSatisfy(
            one ->
                assertThat(new TreeMap<>(one.skipped).toString())
                    .contains("NEVER?")
                    .doesNotContain("\n"));
  }
}
