package io.aliecs.relay.host.runs;

import io.aliecs.relay.host.Interruption;
import io.aliecs.relay.host.api.RelayApi;
import io.aliecs.relay.host.api.RelayOptions;
import io.aliecs.relay.host.terminal.Terminal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code relay runs}: see its help. */
@Command(
    name = "runs",
    description = "Shows the active runs.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done, interrupted, or not read any more",
      "1:the relay was not reached",
      "2:usage"
    })
public final class RunsCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private final RelayOptions options = new RelayOptions();

  @Option(
      names = "--watch",
      description = "Goes on with each change, and says when it knows nothing new.")
  private boolean watch;

  @Option(
      names = "--json",
      description = "The answer of the interface; with --watch one on each line.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    RelayApi relay = options.api(TIMEOUT);
    if (watch) {
      watch(new RunsWatch(relay, screen(out), out::checkError));
      return 0;
    }
    JsonObject answer = RunsWatch.runs(relay);
    out.println(json ? answer.encode() : table(answer));
    out.flush();
    return 0;
  }

  private static void watch(RunsWatch runs) {
    try (Interruption interruption = Interruption.whenItComes(Thread.currentThread()::interrupt)) {
      runs.run();
      interruption.done();
    } catch (InterruptedException asked) {
      // Ctrl-C is how it ends.
    }
  }

  private RunsWatch.Screen screen(PrintWriter out) {
    if (json) {
      return RunsScreens.jsonLines(out);
    }
    return Terminal.isInteractive()
        ? RunsScreens.terminal(out, RunsCommand::table)
        : RunsScreens.paragraphs(out, RunsCommand::table);
  }

  private static String table(JsonObject answer) {
    return Terminal.fitted(
        String.join(
            System.lineSeparator(),
            RunsTable.lines(answer, System.currentTimeMillis(), ZoneId.systemDefault())));
  }
}
