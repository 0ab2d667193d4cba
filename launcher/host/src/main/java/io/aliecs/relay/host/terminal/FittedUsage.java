package io.aliecs.relay.host.terminal;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.RunLast;

/** What picocli prints by itself, help and what is wrong with arguments, in lines that fit. */
public final class FittedUsage {
  /** Narrower picocli lays nothing out: it is folded behind that. */
  private static final int LEAST = 55;

  private final CommandLine commands;
  private final IntSupplier columns;

  /** Writes, and returns with what the command ends. */
  private interface Output<E extends Exception> {
    int exitCode() throws E;
  }

  private FittedUsage(CommandLine commands, IntSupplier columns) {
    this.commands = commands;
    this.columns = columns;
  }

  /** Has these commands, and those below, print in lines that fit the terminal. */
  public static void apply(CommandLine commands) {
    apply(commands, Terminal::columns);
  }

  /**
   * Likewise.
   *
   * @param columns how many a line has; 0: nobody knows; asked for with the first help only
   */
  static void apply(CommandLine commands, IntSupplier columns) {
    FittedUsage fitted = new FittedUsage(commands, columns);
    IParameterExceptionHandler usual = commands.getParameterExceptionHandler();
    commands.setParameterExceptionHandler(
        (wrong, arguments) ->
            fitted.written(
                commands::getErr,
                commands::setErr,
                () -> usual.handleParseException(wrong, arguments)));
    RunLast runLast = new RunLast();
    commands.setExecutionStrategy(
        parsed -> {
          boolean isHelp = parsed.asCommandLineList().stream().anyMatch(FittedUsage::asksForHelp);
          return isHelp
              ? fitted.written(
                  commands::getOut, commands::setOut, () -> CommandLine.executeHelpRequest(parsed))
              : runLast.execute(parsed);
        });
  }

  private static boolean asksForHelp(CommandLine command) {
    return command.isUsageHelpRequested()
        || command.isVersionHelpRequested()
        || command.getCommandSpec().helpCommand();
  }

  /** Does what writes there, and lets out what it wrote in lines that fit. */
  private <E extends Exception> int written(
      Supplier<PrintWriter> there, Consumer<PrintWriter> put, Output<E> what) throws E {
    int width = columns.getAsInt();
    PrintWriter out = there.get();
    StringWriter text = new StringWriter();
    PrintWriter held = new PrintWriter(text);
    put.accept(held);
    commands.setUsageHelpWidth(
        width == 0
            ? UsageMessageSpec.DEFAULT_USAGE_WIDTH
            : Math.max(LEAST, Math.min(UsageMessageSpec.DEFAULT_USAGE_WIDTH, width)));
    try {
      return what.exitCode();
    } finally {
      held.flush();
      put.accept(out);
      out.println(Folded.of(text.toString().stripTrailing(), width));
      out.flush();
    }
  }
}
