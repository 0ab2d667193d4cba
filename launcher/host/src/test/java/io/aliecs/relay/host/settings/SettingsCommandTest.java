package io.aliecs.relay.host.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SettingsCommandTest {
  private static final String SECRET = "correct-Horse-1";

  @TempDir Path folder;

  @Test
  void tellsTheValueAndTheOriginOfEachAndNoSecret() throws Exception {
    Path file = file();
    assertThat(run("--config", file.toString(), "--set", "http.port=81"))
        .containsPattern("(?m)^http\\.port +81 +command line$")
        .containsPattern("(?m)^host\\.id +relay-7 +" + file + "$")
        .containsPattern(
            "(?m)^kafka\\.client\\.ssl\\.key\\.password +\\(not shown\\) +" + file + "$")
        .containsPattern("(?m)^management\\.port +8081 +default$")
        .doesNotContain(SECRET);
  }

  @Test
  void leavesOutWhatNobodyHasSet() throws Exception {
    assertThat(run("--config", file().toString(), "--changed").lines())
        .anyMatch(line -> line.startsWith("host.id"))
        .noneMatch(line -> line.endsWith("default"));
  }

  @Test
  void isJsonForPrograms() throws Exception {
    JsonArray host =
        new JsonObject(run("--config", file().toString(), "--json")).getJsonArray("host");
    assertThat(host.getJsonObject(0).getMap())
        .containsEntry("name", "host.id")
        .containsEntry("value", "relay-7")
        .containsKey("origin");
  }

  private Path file() throws Exception {
    return Files.writeString(
        folder.resolve("relay.yaml"),
        "host.id: relay-7\nkafka.client.ssl.key.password: " + SECRET + "\n");
  }

  private static String run(String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine command = new CommandLine(new SettingsCommand()).setOut(new PrintWriter(out));
    assertThat(command.execute(arguments)).isZero();
    return out.toString();
  }
}
