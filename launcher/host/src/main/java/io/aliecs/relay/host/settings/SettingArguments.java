package io.aliecs.relay.host.settings;

import io.aliecs.relay.host.terminal.TerminalText;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The settings of a command line. */
public final class SettingArguments {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings file of a host (YAML); see conf/relay.yaml.")
  @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "One setting; wins over file and environment. May be repeated.")
  Map<String, String> flags = new LinkedHashMap<>();

  /** File, environment and command line together. */
  public SettingSources collect(Map<String, String> environment) {
    flags.keySet().stream()
        .filter(EffectiveSettings::isSecret)
        .forEach(
            name ->
                System.err.println(
                    "relay: --set "
                        + TerminalText.plain(name)
                        + " shows to all who list the processes (expected: --config FILE, or "
                        + TerminalText.plain(name)
                        + "-file=PATH)"));
    return SettingSources.collect(config, environment, flags);
  }
}
