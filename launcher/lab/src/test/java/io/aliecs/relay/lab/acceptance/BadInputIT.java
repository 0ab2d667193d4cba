package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.acceptance.PackagedRelay.Ran;
import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Input that cannot be right: refused in one line that says what to do, or passed over. */
class BadInputIT {
  @TempDir Path folder;

  @Test
  void garbageOnTheStreamIsCountedAndPassedOver() throws Exception {
    try (Site site = Site.open(folder);
        HostProcess relay = site.relay("garbage").start()) {
      AliEcsEvents aliEcs = AliEcsEvents.of("2sound", Instant::now);
      List<SimulatedEvent> sound =
          aliEcs.created(new EnvironmentSetup("2sound", List.of("ITS"), "PHYSICS", true));
      byte[] whole = sound.get(sound.size() - 1).event().toByteArray();
      byte[] noise = new byte[200];
      new Random(1).nextBytes(noise);
      noise[0] = 7; // no field has the number 0
      List<byte[]> broken =
          List.of(
              noise,
              Arrays.copyOf(whole, whole.length - 3),
              "<html>502</html>".getBytes(StandardCharsets.UTF_8));
      for (byte[] value : broken) {
        site.write(SimulatedEvent.ENVIRONMENT_TOPIC, "2sound", value);
        site.write(SimulatedEvent.RUN_TOPIC, "2sound", value);
      }
      site.write(sound);
      site.awaitQuiet(relay);

      assertThat(relay.metric("relay_ingest_malformed_total")).isEqualTo(6);
      assertThat(site.topics().committed())
          .extracting(Published::topic)
          .containsExactly(Published.LIST, "aliecs.env_state.STANDBY", Published.LIST);
      assertThat(relay.log()).contains("aliecs.environment-0 offset 0: passed over");
      assertThat(relay.readyCode()).isEqualTo(200);
    }
  }

  @Test
  void unknownSettingIsNamedInOneLine() throws Exception {
    Ran ran = PackagedRelay.run("run", "--set", "data.dir=" + folder, "--set", "http.prot=80");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.errorLines())
        .singleElement()
        .asString()
        .startsWith("relay: http.prot (command line): no such setting (expected: one of ")
        .contains("http.port");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void wrongValueIsNamedInOneLine() throws Exception {
    Ran ran = PackagedRelay.run("run", "--set", "data.dir=" + folder, "--set", "http.port=many");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.errorLines())
        .singleElement()
        .asString()
        .isEqualTo("relay: http.port (command line): \"many\" (expected: a whole number)");
  }

  @Test
  void takenPortIsNamedInOneLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Ran ran =
          PackagedRelay.run(
              "run",
              "--set",
              "data.dir=" + folder,
              "--set",
              "management.port=0",
              "--set",
              "http.port=" + taken.getLocalPort());
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.errorLines().stream().filter(line -> line.startsWith("relay: ")))
          .singleElement()
          .asString()
          .contains("http.port", Integer.toString(taken.getLocalPort()), "expected");
    }
  }

  @Test
  void aDiskThatIsReadOnlyOrFullIsNamedInOneLine() throws Exception {
    assertNoJournalOn("ro,size=8m", "cannot be written: ");
    assertNoJournalOn("size=1m", "no room to write: ");
  }

  private void assertNoJournalOn(String options, String reason) throws Exception {
    Path data = folder.resolve("disk");
    Ran ran =
        PackagedRelay.runOnADisk(
            data,
            options,
            "run",
            "--set",
            "data.dir=" + data,
            "--set",
            "http.port=0",
            "--set",
            "management.port=0");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.errorLines().stream().filter(line -> line.startsWith("relay: ")))
        .singleElement()
        .asString()
        .contains(data.toString(), ": " + reason, "expected");
  }

  @Test
  void settingsFileThatCannotBeReadIsNamedInOneLine() throws Exception {
    Path missing = folder.resolve("relay.yaml");
    assertRefused(missing, "cannot be read");
    assertRefused(Files.writeString(folder.resolve("a.yaml"), "http: [1\n"), "expected: YAML");
    assertRefused(Files.createDirectories(folder.resolve("b.yaml")), "cannot be read");
  }

  private static void assertRefused(Path file, String reason) throws Exception {
    Ran ran = PackagedRelay.run("run", "--config", file.toString());
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.errorLines())
        .singleElement()
        .asString()
        .startsWith("relay: " + file)
        .contains(reason, "expected");
  }

  @Test
  void withoutTheLabDevIsNoCommandAndTheHelpSaysWhereItIs() throws Exception {
    Ran ran = PackagedRelay.run("dev", "--data", folder.toString());
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.errorLines().get(0)).startsWith("Unmatched arguments").contains("'dev'");
    assertThat(ran.err()).contains("in a source checkout, not in this package");
  }
}
