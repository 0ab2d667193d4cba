package io.aliecs.relay.host.api;

import io.aliecs.relay.host.terminal.DurationText;
import io.aliecs.relay.host.terminal.ProgressBar;
import io.aliecs.relay.host.terminal.Terminal;
import io.aliecs.relay.settings.ClusterHost;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code relay hosts}: see its help. */
@Command(
    name = "hosts",
    description = "Shows the hosts of the cluster, adds, replaces and removes them.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:done", "1:refused, and nothing changed, or not reached", "2:usage"})
public final class HostsCommand implements Callable<Integer> {
  private static final String CLUSTER = "/api/v1/cluster";
  private static final String HOSTS = CLUSTER + "/hosts";

  /** A new host gets the whole journal first. */
  private static final Duration TIMEOUT = Duration.ofSeconds(150);

  private static final String HOST = "Id of the new host and the address of its journal.";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private final ChangeOptions options = new ChangeOptions();

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "The answer of the interface, on one line.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    return show(api().get(CLUSTER));
  }

  @Command(
      name = "add",
      description =
          "Adds a host that runs, with an empty disk, and returns when it has everything.",
      mixinStandardHelpOptions = true)
  int add(@Parameters(paramLabel = "ID=ADDRESS:PORT", description = HOST) String host)
      throws IOException, InterruptedException {
    return show(added(ClusterHost.parse(host), null));
  }

  @Command(
      name = "remove",
      description = "Takes a host out, dead or alive; stop it then.",
      mixinStandardHelpOptions = true)
  int remove(@Parameters(paramLabel = "ID", description = "The host that goes.") String id)
      throws IOException, InterruptedException {
    return show(api().delete(HOSTS + "/" + RelayApi.part(id)));
  }

  @Command(
      name = "replace",
      description = "Puts a new host in the place of one that is dead or to go, in one step.",
      mixinStandardHelpOptions = true)
  int replace(
      @Parameters(paramLabel = "OLD-ID", description = "The host that goes.") String id,
      @Parameters(paramLabel = "ID=ADDRESS:PORT", description = HOST) String host)
      throws IOException, InterruptedException {
    return show(added(ClusterHost.parse(host), id));
  }

  private JsonObject added(ClusterHost host, @Nullable String replaced)
      throws IOException, InterruptedException {
    JsonObject body = new JsonObject().put("id", host.id()).put("address", host.address());
    if (replaced != null) {
      body.put("replaces", replaced);
    }
    PrintWriter out = spec.commandLine().getOut();
    String what = host.id() + " gets the journal: ";
    ProgressBar bar = new ProgressBar(out, true, ms -> what + DurationText.of(ms));
    try {
      return api().post(HOSTS, body);
    } finally {
      bar.close();
    }
  }

  private RelayApi api() {
    return options.api(TIMEOUT);
  }

  private int show(JsonObject cluster) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        json
            ? cluster.encode()
            : Terminal.fitted(String.join(System.lineSeparator(), HostsTable.lines(cluster))));
    out.flush();
    return 0;
  }
}
