package io.aliecs.relay.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.host.tail.TailCommand;
import io.aliecs.relay.lab.simulate.events.ForeignEvents;
import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.testkit.junit.SharedKafka;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

@Tag("slow")
class SimulateCommandTest {
  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  @Test
  void writesWhatTailShows() {
    String brokers = kafka.bootstrapServers();
    Ran simulated =
        run(
            new SimulateCommand(),
            "--bootstrap",
            brokers,
            "--environments",
            "3",
            "--rate",
            "2000",
            "--count",
            "5",
            "--seed",
            "11",
            "--failures",
            "0.2",
            "--partitions",
            "3");
    assertThat(simulated.err()).isEmpty();
    assertThat(simulated.code()).isZero();
    assertThat(simulated.out()).contains("5 lives ended").contains(" 0 lost");

    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--bootstrap",
                brokers,
                "--from-beginning",
                "--json",
                "--timeout",
                "1500ms",
                "aliecs.environment",
                "aliecs.run",
                "aliecs.core"));
    arguments.addAll(ForeignEvents.topics());
    Ran json = run(new TailCommand(), arguments.toArray(String[]::new));
    assertThat(json.code()).isZero();
    List<JsonObject> all = json.out().lines().map(JsonObject::new).toList();
    assertThat(simulated.out()).contains(" " + all.size() + " records written");
    List<JsonObject> lines =
        all.stream()
            .filter(
                line ->
                    Set.of("aliecs.environment", "aliecs.run").contains(line.getString("topic")))
            .toList();
    JsonObject loaded =
        lines.stream()
            .map(line -> line.getJsonObject("value").getJsonObject("environmentEvent"))
            .filter(event -> event != null && event.getString("message").equals("workflow loaded"))
            .findFirst()
            .orElseThrow();
    assertThat(loaded.getString("state")).isEqualTo("STANDBY");
    assertThat(loaded.getJsonObject("vars").getString("environment_id"))
        .isEqualTo(loaded.getString("environmentId"));
    assertThat(lines.get(0).getJsonObject("value").getValue("timestamp"))
        .isInstanceOf(String.class);

    Ran text =
        run(
            new TailCommand(),
            "--bootstrap",
            brokers,
            "--from-beginning",
            "--max",
            "50",
            "aliecs.environment");
    assertThat(text.code()).isZero();
    assertThat(text.out().lines()).hasSize(51);
    assertThat(text.out()).startsWith("TIME ").contains("CREATE after_CREATE DONE_OK");
  }

  @Test
  void saysInOneLineThatKafkaIsNotThere() {
    int port = FreePort.find();
    Ran ran = run(new SimulateCommand(), "--bootstrap", "127.0.0.1:" + port);
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.err()).contains("127.0.0.1:" + port).contains("no answer within 5 s");
    assertThat(ran.err()).contains("expected: a reachable broker");
  }

  @Test
  void saysWhatIsWrongWithItsOptions() {
    Ran rate = run(new SimulateCommand(), "--bootstrap", "x:1", "--rate", "0");
    assertThat(rate.code()).isEqualTo(2);
    assertThat(rate.err()).contains("--rate: 0.0 (expected: more than 0, up to 100000)");
  }

  private record Ran(int code, String out, String err) {}

  private static Ran run(Object command, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(command)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    return new Ran(code, out.toString(), err.toString());
  }
}
