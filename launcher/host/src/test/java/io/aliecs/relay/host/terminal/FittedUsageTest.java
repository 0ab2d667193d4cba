package io.aliecs.relay.host.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.host.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class FittedUsageTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private CommandLine commands(int columns) {
    CommandLine commands = Main.commands();
    commands.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    FittedUsage.apply(commands, () -> columns);
    return commands;
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 40, 60, 80})
  void helpOfEachCommandFitsTheTerminal(int columns) {
    Set<String> names = Main.commands().getSubcommands().keySet();
    assertThat(names).contains("tail", "compare", "help");
    assertThat(commands(columns).execute("--help")).isZero();
    for (String name : names) {
      assertThat(commands(columns).execute(name, "--help")).as(name).isZero();
      assertThat(commands(columns).execute("help", name)).as(name).isZero();
    }
    assertThat(out.toString()).contains("Usage:");
    assertThat(out.toString().lines())
        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(columns));
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80})
  void wrongArgumentsAreSaidInLinesThatFit(int columns) {
    assertThat(commands(columns).execute("tail", "--bootstrap", "one:9092", "--patience=forever"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(commands(columns).execute("tail")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(commands(columns).execute("tial")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--patience=forever", "--bootstrap", "Did you mean");
    assertThat(err.toString().lines())
        .allSatisfy(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(columns));
    assertThat(out.toString()).isEmpty();
  }
}
