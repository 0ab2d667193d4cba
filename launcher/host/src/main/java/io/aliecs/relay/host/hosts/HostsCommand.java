package io.aliecs.relay.host.hosts;

import io.aliecs.relay.host.api.ChangeOptions;
import io.aliecs.relay.host.terminal.ProgressBar;
import io.aliecs.relay.host.terminal.Terminal;
import io.aliecs.relay.settings.ClusterHost;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
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
  private static final String HOST = "Id of the new host and the address of its journal.";

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ChangeOptions options = new ChangeOptions();

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "The answer of the interface, on one line.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    return show(api().cluster());
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
    return show(api().remove(id));
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
    ProgressBar bar = ProgressBar.waiting(out(), host.id() + " gets the journal");
    try {
      return api().add(host, replaced);
    } finally {
      bar.close();
    }
  }

  private HostsApi api() {
    return new HostsApi(options);
  }

  private PrintWriter out() {
    if (spec == null) {
      throw new IllegalStateException("not started by the command line");
    }
    return spec.commandLine().getOut();
  }

  private int show(JsonObject cluster) {
    PrintWriter out = out();
    out.println(
        json
            ? cluster.encode()
            : Terminal.fitted(String.join(System.lineSeparator(), HostsTable.lines(cluster))));
    out.flush();
    return 0;
  }
}
