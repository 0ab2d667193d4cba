package io.aliecs.relay.host.api;

import io.aliecs.relay.host.terminal.Terminal;
import io.aliecs.relay.host.terminal.TerminalText;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code relay resend}: see its help. */
@Command(
    name = "resend",
    description = "Publishes the state once more, for a reader that has lost it.",
    footer = {
      "",
      "It goes out behind everything that is pending, with the header ce_repeat, and changes"
          + " nothing. While publishing is off nothing is sent."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:safe, and on its way", "1:refused or not reached", "2:usage"})
public final class ResendCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(40);

  @Spec private CommandSpec spec = CommandSpec.create();

  @ArgGroup(multiplicity = "1")
  private What what = new What();

  /** One of these. */
  private static final class What {
    @Option(names = "--list", description = "The list of active runs.")
    private boolean list;

    @Option(
        names = "--environment",
        paramLabel = "ENV",
        description = "The state that this environment is in.")
    private @Nullable String environment;
  }

  @Mixin private final ChangeOptions options = new ChangeOptions();

  @Option(
      names = "--request-id",
      paramLabel = "ID",
      description =
          "The same when a request is repeated: it is published once (default: a new one).")
  private String requestId = UUID.randomUUID().toString();

  @Option(names = "--by", paramLabel = "NAME", description = "Who asks, for the log of the host.")
  private @Nullable String by;

  @Option(names = "--json", description = "The answer of the interface, on one line.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonObject body = new JsonObject().put("requestId", requestId);
    if (by != null) {
      body.put("by", by);
    }
    JsonObject taken;
    try {
      taken = options.api(TIMEOUT).post(path(), body);
    } catch (RelayApi.UnavailableException e) {
      throw new IOException(e.getMessage() + "; repeat with --request-id " + requestId, e);
    }
    spec.commandLine()
        .getOut()
        .println(
            json
                ? taken.encode()
                : Terminal.fitted(
                    TerminalText.plain(
                        (taken.getString("verdict").equals("DUPLICATE")
                                ? "asked for before: "
                                : "safe, and on its way: ")
                            + taken.getString("requestId"))));
    return 0;
  }

  private String path() {
    return what.list || what.environment == null
        ? "/api/v1/runs/resend"
        : "/api/v1/environments/" + RelayApi.part(what.environment) + "/resend";
  }
}
