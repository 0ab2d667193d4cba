package io.aliecs.relay.host.api;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options of a command that has a relay change something. */
public final class ChangeOptions extends RelayOptions {
  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "The file of http.token-file on that host; changes need it.")
  private @Nullable Path tokenFile;

  @Override
  protected @Nullable Path tokenFile() {
    return tokenFile;
  }
}
