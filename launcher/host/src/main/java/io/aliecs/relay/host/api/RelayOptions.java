package io.aliecs.relay.host.api;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options of a command that asks a relay. */
public class RelayOptions {
  @Option(
      names = "--url",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      defaultValue = "http://127.0.0.1:8080",
      description = "HTTP interface of any host that is not cut off (default: ${DEFAULT-VALUE}).")
  private String url = "";

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Authority that signed its certificate, in PEM (default: those of Java).")
  private @Nullable Path authority;

  /**
   * The interface of that relay.
   *
   * @param timeout how long an answer may take
   */
  public RelayApi api(Duration timeout) {
    return new RelayApi(url, authority, tokenFile(), timeout);
  }

  /** Holds what changes need; null for none. */
  protected @Nullable Path tokenFile() {
    return null;
  }
}
