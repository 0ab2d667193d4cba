package io.aliecs.relay.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class MainTest {
  @ParameterizedTest
  @ValueSource(strings = {"--help", "run", "help", "nonsense"})
  void theListOfCommandsIsTheSameHoweverManyOfThemAreRead(String first) {
    assertThat(Main.commands(List.of(first)).getUsageMessage(Ansi.OFF))
        .isEqualTo(Main.commands().getUsageMessage(Ansi.OFF));
  }

  @Test
  void theCommandThatIsCalledIsWhole() {
    for (CommandLine whole : Main.commands().getSubcommands().values()) {
      String name = whole.getCommandName();
      assertThat(usage(Main.commands(List.of(name, "--help")), name))
          .isEqualTo(usage(Main.commands(), name));
    }
  }

  private static String usage(CommandLine commands, String name) {
    return commands.getSubcommands().get(name).getUsageMessage(Ansi.OFF);
  }
}
