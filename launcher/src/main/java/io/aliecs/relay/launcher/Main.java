package io.aliecs.relay.launcher;

import io.aliecs.relay.launcher.forget.ForgetCommand;
import io.aliecs.relay.launcher.hosts.HostsCommand;
import io.aliecs.relay.launcher.runs.RunsCommand;
import io.aliecs.relay.launcher.simulate.SimulateCommand;
import io.aliecs.relay.launcher.tail.TailCommand;
import io.aliecs.relay.launcher.verify.VerifyCommand;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/** The command line of the relay. */
@Command(
    name = "relay",
    description = "Publishes the life of AliECS environments to Kafka, outside AliECS.",
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    subcommands = {
      DevCommand.class,
      ForgetCommand.class,
      HostsCommand.class,
      RunCommand.class,
      RunsCommand.class,
      SendCommand.class,
      SimulateCommand.class,
      TailCommand.class,
      VerifyCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main {
  private Main() {}

  /** Runs a command; the exit code is 0 when it did its job, 1 when not, 2 for wrong arguments. */
  public static void main(String[] args) {
    CommandLine commands = new CommandLine(new Main()).setOut(output());
    if (TerminalText.isDumb(System.getenv())) {
      commands.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    }
    commands.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          command.getErr().println(Terminal.fitted("relay: " + OneLine.of(failure)));
          return 1;
        });
    System.exit(commands.execute(args));
  }

  /** Standard output that tells, as that of picocli does not, when nobody reads it any more. */
  private static PrintWriter output() {
    return new PrintWriter(System.out, true, Charset.defaultCharset());
  }
}
