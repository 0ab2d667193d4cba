package io.aliecs.relay.host.api;

import io.aliecs.relay.host.terminal.Terminal;
import io.aliecs.relay.host.terminal.TerminalText;
import io.vertx.core.json.JsonObject;
import java.io.Console;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code relay forget}: see its help. */
@Command(
    name = "forget",
    description = "Ends an environment that AliECS has forgotten.",
    footer = {
      "",
      "Its run gets its end and leaves the list of active runs. A later event of AliECS about it"
          + " brings it back."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:ended", "1:not confirmed, refused or not reached", "2:usage"})
public final class ForgetCommand implements Callable<Integer> {
  private static final String ENVIRONMENTS = "/api/v1/environments/";
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "ENV", description = "Id of the environment.")
  private String id = "";

  @Mixin private final ChangeOptions options = new ChangeOptions();

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who is named in the timeline (default: user@host).")
  private @Nullable String by;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the timeline.")
  private @Nullable String reason;

  @Option(names = "--yes", description = "Does not ask; needed where there is no terminal.")
  private boolean yes;

  @Option(names = "--json", description = "The answer of the interface, on one line.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    RelayApi relay = options.api(TIMEOUT);
    String path = ENVIRONMENTS + RelayApi.part(id);
    if (!yes && !isConfirmed(relay.get(path).getJsonObject("environment"))) {
      spec.commandLine().getErr().println("relay: nothing was ended");
      return 1;
    }
    JsonObject body = new JsonObject().put("by", by == null ? userAtHost() : by);
    if (reason != null) {
      body.put("reason", reason);
    }
    JsonObject ended = relay.post(path + "/end", body);
    spec.commandLine()
        .getOut()
        .println(
            json
                ? ended.encode()
                : Terminal.fitted(
                    TerminalText.plain(
                        ended.getString("environmentId")
                            + " has ended: "
                            + ended.getString("reason"))));
    return 0;
  }

  // Where it is never null, since JDK 22, one that is no terminal ends at once: not confirmed.
  @SuppressWarnings("SystemConsoleNull")
  private boolean isConfirmed(JsonObject environment) {
    Console console = System.console();
    if (console == null) {
      throw new ParameterException(
          spec.commandLine(), "no terminal to ask on (expected: --yes, to end " + id + " unasked)");
    }
    Object run = environment.getValue("runNumber");
    String what =
        environment.getString("environmentId")
            + " is "
            + environment.getString("state")
            + (run == null ? "" : ", run " + run);
    console.printf("%s. End it? [y/N] ", TerminalText.plain(what));
    String answer = console.readLine();
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
  }

  private static String userAtHost() {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "unknown host";
    }
    return System.getProperty("user.name") + "@" + host;
  }
}
