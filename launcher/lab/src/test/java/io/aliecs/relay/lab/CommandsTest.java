package io.aliecs.relay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.host.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommandsTest {
  private static final Path DOCUMENT = Path.of("../../docs/commands.md");
  private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\|.*\\| ([^|]*) \\|");

  private final Map<String, CommandLine> commands = new HashMap<>(Main.commands().getSubcommands());

  @Test
  void theDocumentHasEveryCommandWithItsExitCodes() throws Exception {
    Map<String, String> documented = new HashMap<>();
    Matcher row = ROW.matcher(Files.readString(DOCUMENT));
    while (row.find()) {
      documented.put(row.group(1), row.group(2));
    }
    commands.remove("help");
    assertThat(documented).containsOnlyKeys(commands.keySet());
    documented.forEach(
        (name, text) -> {
          CommandLine command = Objects.requireNonNull(commands.get(name));
          assertThat(text)
              .as(name)
              .isEqualTo(
                  command.getCommandSpec().usageMessage().exitCodeList().entrySet().stream()
                      .filter(code -> !code.getKey().equals("2"))
                      .map(code -> code.getKey() + ": " + code.getValue())
                      .collect(Collectors.joining("; ")));
        });
  }
}
