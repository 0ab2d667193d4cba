package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.lab.simulate.Simulation;
import io.aliecs.relay.lab.simulate.SimulationOptions;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay that dies or is ended while AliECS goes on: nothing is lost, doubled or out of place. */
class RestartIT {
  private static final int KILLS = 2;
  private static final int TRANSITIONS_A_LIFE = 25;
  private static final double RATE = 60;

  /** So that what the journal has reserved on its disk is used up soon. */
  private static final double BURST_RATE = 300;

  private Site site;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    site = Site.open(folder);
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void killedOverAndOverItPublishesEachMessageOnce() throws Exception {
    try (HostProcess relay = site.relay("killed").start()) {
      try (Simulation aliEcs = simulate(11)) {
        for (int kill = 0; kill < KILLS; kill++) {
          awaitMore(aliEcs);
          relay.kill();
          awaitMore(aliEcs);
          relay.start();
        }
        awaitMore(aliEcs);
      }
      assertNothingLostOrDoubled(relay);
    }
  }

  @Test
  void endedUnderLoadItExitsWithZeroAndLosesNothing() throws Exception {
    try (HostProcess relay = site.relay("ended").start()) {
      try (Simulation aliEcs = simulate(12)) {
        awaitMore(aliEcs);
        assertThat(relay.terminate()).isZero();
        awaitMore(aliEcs);
        relay.start();
        awaitMore(aliEcs);
      }
      assertNothingLostOrDoubled(relay);
      // Nobody died in mid-flight, so that a reader with plain settings sees the same.
      assertThat(site.topics().uncommitted())
          .extracting(Published::id)
          .isEqualTo(site.topics().committed().stream().map(Published::id).toList());
    }
  }

  @Test
  void whoseDiskIsFullForAWhileItServesAllTheTimeAndLosesNothing() throws Exception {
    try (HostProcess relay = site.relay("limited").start()) {
      servesWithoutRoom(
          relay, RATE, () -> relay.limitFiles("1024"), () -> relay.limitFiles("unlimited"));
    }
  }

  @Test
  void onADiskWithNoRoomLeftItServesAllTheTimeAndLosesNothing() throws Exception {
    try (HostProcess relay = site.relay("full").onADiskOf(16).start()) {
      servesWithoutRoom(relay, BURST_RATE, relay::fillDisk, relay::freeDisk);
    }
  }

  /** Something that the system is told. */
  private interface Change {
    void make() throws Exception;
  }

  private void servesWithoutRoom(HostProcess relay, double rate, Change full, Change free)
      throws Exception {
    try (Simulation aliEcs = simulate(13, rate)) {
      awaitMore(aliEcs);
      await().atMost(HostProcess.LIMIT).until(() -> tracks(relay));
      full.make();
      relay.awaitCheck("journal", "DOWN broken: ");
      assertThat(relay.readyCode()).isEqualTo(503);
      awaitMore(aliEcs);
      assertThat(tracks(relay)).isTrue();
      free.make();
      relay.awaitCheck("journal", "UP leading");
      relay.awaitCheck("ingest", "UP reading");
      awaitMore(aliEcs);
    }
    assertNothingLostOrDoubled(relay);
  }

  private static boolean tracks(HostProcess relay) throws Exception {
    return !relay.get("/api/v1/environments").getJsonArray("environments").isEmpty();
  }

  private Simulation simulate(long seed) {
    return simulate(seed, RATE);
  }

  private Simulation simulate(long seed, double rate) {
    return Simulation.start(
        new SimulationOptions(site.bootstrapServers(), 8, rate, 0, seed, 0.15, 0.2, 700_000, 1));
  }

  private static void awaitMore(Simulation aliEcs) {
    long enough = aliEcs.transitions() + TRANSITIONS_A_LIFE;
    await().atMost(HostProcess.LIMIT).until(() -> aliEcs.transitions() >= enough);
  }

  private void assertNothingLostOrDoubled(HostProcess relay) throws Exception {
    site.awaitQuiet(relay);
    Truth truth = Truth.read(site.bootstrapServers());
    List<Published> all = site.topics().committed();
    assertThat(truth.runs()).as("enough to tell").hasSizeGreaterThan(5);

    assertThat(all).extracting(Published::id).doesNotHaveDuplicates();
    assertThat(notifications(all)).isEqualTo(truth.messages());
    assertEachRunStartsAndEndsOnce(all, truth);
    assertLists(all, truth, relay);
  }

  private static Map<String, List<String>> notifications(List<Published> all) {
    Map<String, List<String>> byEnvironment = new HashMap<>();
    for (Published message : all) {
      if (!message.isList()) {
        NewStateNotification told = message.notification();
        EnvInfo info = told.getEnvInfo();
        assertThat(info.getEnvironmentId()).isEqualTo(message.key());
        byEnvironment
            .computeIfAbsent(message.key(), id -> new ArrayList<>())
            .add(
                message.topic()
                    + (info.hasRunNumber() ? " " + info.getRunNumber() : "")
                    + (message.topic().endsWith("start_activity")
                        ? ""
                        : " at " + told.getTimestamp()));
      }
    }
    return byEnvironment;
  }

  private static void assertEachRunStartsAndEndsOnce(List<Published> all, Truth truth) {
    assertThat(runsOn(all, Published.SOR))
        .containsExactlyInAnyOrderElementsOf(
            truth.runs().stream().filter(Truth.Run::published).map(Truth.Run::name).toList());
    // A run whose end was told and which is still active has failed to stop.
    assertThat(runsOn(all, Published.EOR))
        .doesNotHaveDuplicates()
        .containsAll(
            truth.runs().stream()
                .filter(run -> run.published() && run.until() != 0)
                .map(Truth.Run::name)
                .toList());
  }

  private static List<String> runsOn(List<Published> all, String topic) {
    return all.stream()
        .filter(message -> message.topic().equals(topic))
        .map(message -> name(message.notification().getEnvInfo()))
        .toList();
  }

  private static String name(EnvInfo run) {
    return run.getEnvironmentId() + "/" + Integer.toUnsignedLong(run.getRunNumber());
  }

  private static void assertLists(List<Published> all, Truth truth, HostProcess relay) {
    Map<String, Truth.Run> runs =
        truth.runs().stream()
            .filter(Truth.Run::published)
            .collect(Collectors.toMap(Truth.Run::name, Function.identity()));
    List<Published> lists = all.stream().filter(Published::isList).toList();
    assertThat(lists.get(0).startsPublishing()).isTrue();

    Map<String, EnvInfo> before = Map.of();
    Set<String> gone = new HashSet<>();
    for (Published list : lists) {
      List<EnvInfo> told = list.list().getActiveRunsList();
      long timestamp = list.list().getTimestamp();
      assertThat(told).isSortedAccordingTo(ORDER);
      Map<String, EnvInfo> now = new LinkedHashMap<>();
      told.forEach(run -> now.put(name(run), run));
      assertThat(runs.keySet()).as("%s", list).containsAll(now.keySet());
      assertThat(now.keySet()).as("none that is over").noneMatch(gone::contains);
      for (String missing : before.keySet()) {
        if (!now.containsKey(missing)) {
          gone.add(missing);
          assertThat(runs.get(missing).until())
              .as("end of %s, which is not in %s", missing, list)
              .isBetween(1L, timestamp);
        }
      }
      before = now;
    }

    List<String> active =
        truth.runs().stream().filter(run -> run.until() == 0).map(Truth.Run::name).toList();
    assertThat(before.keySet())
        .containsExactlyInAnyOrderElementsOf(active.stream().filter(runs::containsKey).toList());
    assertThat(relay.runs())
        .extracting(run -> run.getString("environmentId") + "/" + run.getLong("runNumber"))
        .containsExactlyInAnyOrderElementsOf(active);
    assertThat(
            relay.runs().stream()
                .filter(run -> run.getBoolean("publish"))
                .map(run -> run.getString("environmentId") + "/" + run.getLong("runNumber")))
        .containsExactlyElementsOf(before.keySet());
  }

  /** The contract's: ITS first among two or more detectors, more detectors, lower run, id. */
  private static final Comparator<EnvInfo> ORDER =
      Comparator.comparing(
              (EnvInfo run) ->
                  !(run.getDetectorsCount() >= 2 && run.getDetectorsList().contains("ITS")))
          .thenComparing(run -> -run.getDetectorsCount())
          .thenComparingLong(run -> Integer.toUnsignedLong(run.getRunNumber()))
          .thenComparing(EnvInfo::getEnvironmentId);
}
