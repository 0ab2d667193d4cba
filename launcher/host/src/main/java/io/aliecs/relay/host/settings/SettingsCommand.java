package io.aliecs.relay.host.settings;

import io.aliecs.relay.host.terminal.Terminal;
import io.aliecs.relay.host.terminal.TerminalText;
import io.aliecs.relay.settings.EffectiveSetting;
import io.aliecs.relay.web.api.json.SettingsJson;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code relay settings}: see its help. */
@Command(
    name = "settings",
    description = {
      "Shows the settings that relay run would have, each with its origin; secrets are not shown.",
      "Those of a relay that runs are in GET /api/v1/settings."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:done", "1:a setting is refused", "2:usage"})
public final class SettingsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin SettingArguments arguments = new SettingArguments();

  @Option(names = "--changed", description = "Only those that are not by default.")
  boolean changed;

  @Option(names = "--json", description = "As in GET /api/v1/settings, on one line.")
  boolean json;

  @Override
  public Integer call() {
    Map<String, String> environment = System.getenv();
    List<EffectiveSetting> settings =
        RelaySettings.of(arguments.collect(environment), environment).effective().stream()
            .filter(setting -> !changed || !setting.origin().equals(EffectiveSetting.DEFAULT))
            .toList();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new JsonObject().put("host", SettingsJson.host(settings)).encode());
    } else {
      int names = width(settings.stream().map(EffectiveSetting::name).toList());
      int values = width(settings.stream().map(SettingsCommand::value).toList());
      String row = "%-" + names + "s  %-" + Math.min(values, 40) + "s  %s";
      settings.forEach(
          setting ->
              out.println(
                  Terminal.fitted(
                      row.formatted(
                          setting.name(), value(setting), TerminalText.plain(setting.origin())))));
    }
    out.flush();
    return 0;
  }

  private static int width(List<String> texts) {
    return texts.stream().mapToInt(String::length).max().orElse(0);
  }

  private static String value(EffectiveSetting setting) {
    return setting.value().isEmpty() ? "-" : TerminalText.plain(setting.value());
  }
}
