package io.aliecs.relay.host;

import io.aliecs.relay.host.api.ForgetCommand;
import io.aliecs.relay.host.api.HostsCommand;
import io.aliecs.relay.host.api.ResendCommand;
import io.aliecs.relay.host.api.SendCommand;
import io.aliecs.relay.host.check.CheckCommand;
import io.aliecs.relay.host.compare.CompareCommand;
import io.aliecs.relay.host.runs.RunsCommand;
import io.aliecs.relay.host.service.RunCommand;
import io.aliecs.relay.host.settings.BuildVersion;
import io.aliecs.relay.host.settings.SettingsCommand;
import io.aliecs.relay.host.tail.TailCommand;
import io.aliecs.relay.host.terminal.FittedUsage;
import io.aliecs.relay.host.terminal.OneLine;
import io.aliecs.relay.host.terminal.Terminal;
import io.aliecs.relay.host.terminal.TerminalText;
import io.aliecs.relay.host.topics.TopicsCommand;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

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
  /** What lists commands, and calls none. */
  private static final Set<String> LISTING = Set.of("", "-h", "--help", "-V", "--version");

  private Main() {}

  /** Runs a command; the exit code is 0 when it did its job, 1 when not, 2 for wrong arguments. */
  public static void main(String[] args) {
    CommandLine commands = commands(List.of(args));
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
    List<Class<? extends AddedCommand>> added = added();
    added.forEach(commands::addSubcommand);
    mentionCheckout(added, commands);
    return commands;
  }

  /**
   * The commands as these arguments need them: of the others than the one that is called only what
   * the list of commands says. To read what every one of them takes is most of what help takes.
   */
  static CommandLine commands(List<String> arguments) {
    Command main = Main.class.getAnnotation(Command.class);
    List<Class<? extends AddedCommand>> added = added();
    List<Class<?>> all = new ArrayList<>(List.of(main.subcommands()));
    all.addAll(added);
    String first = arguments.isEmpty() ? "" : arguments.get(0);
    boolean called = all.stream().anyMatch(command -> name(command).equals(first));
    if (first.equals("help") || !(called || LISTING.contains(first))) {
      return commands();
    }
    CommandSpec spec = CommandSpec.wrapWithoutInspection(new Main()).name(main.name());
    spec.mixinStandardHelpOptions(true).versionProvider(new BuildVersion());
    spec.usageMessage().description(main.description());
    CommandLine commands = new CommandLine(spec);
    for (Class<?> command : all) {
      String name = name(command);
      commands.addSubcommand(name, name.equals(first) ? command : listed(command));
    }
    mentionCheckout(added, commands);
    return commands;
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  private static CommandLine listed(Class<?> command) {
    Command says = command.getAnnotation(Command.class);
    CommandSpec spec = CommandSpec.create().name(says.name());
    spec.usageMessage().header(says.header()).description(says.description());
    return new CommandLine(spec);
  }

  private static List<Class<? extends AddedCommand>> added() {
    return ServiceLoader.load(AddedCommand.class).stream()
        .<Class<? extends AddedCommand>>map(ServiceLoader.Provider::type)
        .toList();
  }

  private static void mentionCheckout(
      List<Class<? extends AddedCommand>> added, CommandLine commands) {
    if (added.isEmpty()) {
      commands
          .getCommandSpec()
          .usageMessage()
          .footer("bench, dev, simulate and verify are in a source checkout, not in this package.");
    }
  }

  /** Standard output that notices, as that of picocli does not, when nobody reads it any more. */
  private static PrintWriter output() {
    return new PrintWriter(System.out, true, Charset.defaultCharset());
  }
}
