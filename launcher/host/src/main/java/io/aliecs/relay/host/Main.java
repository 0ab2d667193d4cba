package io.aliecs.relay.host;

import io.aliecs.relay.host.api.SendCommand;
import io.aliecs.relay.host.check.CheckCommand;
import io.aliecs.relay.host.compare.CompareCommand;
import io.aliecs.relay.host.forget.ForgetCommand;
import io.aliecs.relay.host.hosts.HostsCommand;
import io.aliecs.relay.host.resend.ResendCommand;
import io.aliecs.relay.host.runs.RunsCommand;
import io.aliecs.relay.host.service.RunCommand;
import io.aliecs.relay.host.settings.SettingsCommand;
import io.aliecs.relay.host.tail.TailCommand;
import io.aliecs.relay.host.terminal.FittedUsage;
import io.aliecs.relay.host.terminal.OneLine;
import io.aliecs.relay.host.terminal.Terminal;
import io.aliecs.relay.host.terminal.TerminalText;
import io.aliecs.relay.host.topics.TopicsCommand;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.ServiceLoader;
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
      CheckCommand.class,
      CompareCommand.class,
      ForgetCommand.class,
      HostsCommand.class,
      ResendCommand.class,
      RunCommand.class,
      RunsCommand.class,
      SendCommand.class,
      SettingsCommand.class,
      TailCommand.class,
      TopicsCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main {
  private Main() {}

  /** Runs a command; the exit code is 0 when it did its job, 1 when not, 2 for wrong arguments. */
  public static void main(String[] args) {
    CommandLine commands = commands();
    commands.setOut(output());
    FittedUsage.apply(commands);
    if (!TerminalText.mayBeColoured(System.getenv())) {
      commands.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    }
    commands.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          command.getErr().println(Terminal.fitted("relay: " + OneLine.of(failure)));
          return 1;
        });
    System.exit(commands.execute(args));
  }

  /** All commands that are there, of this jar and of those beside it. */
  public static CommandLine commands() {
    CommandLine commands = new CommandLine(new Main());
    addCommands(commands);
    return commands;
  }

  private static void addCommands(CommandLine commands) {
    List<Class<? extends AddedCommand>> added =
        ServiceLoader.load(AddedCommand.class).stream()
            .<Class<? extends AddedCommand>>map(ServiceLoader.Provider::type)
            .toList();
    added.forEach(commands::addSubcommand);
    if (added.isEmpty()) {
      commands
          .getCommandSpec()
          .usageMessage()
          .footer("bench, dev, simulate and verify are in a source checkout, not in this package.");
    }
  }

  /** Standard output that tells, as that of picocli does not, when nobody reads it any more. */
  private static PrintWriter output() {
    return new PrintWriter(System.out, true, Charset.defaultCharset());
  }
}
