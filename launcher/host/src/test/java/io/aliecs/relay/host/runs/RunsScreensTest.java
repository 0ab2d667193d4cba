package io.aliecs.relay.host.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class RunsScreensTest {
  private final StringWriter written = new StringWriter();

  @Test
  void aRowThatIsWiderThanTheTerminalTakesOneLineOfIt() {
    RunsScreens.terminal(new PrintWriter(written), answer -> "a wide table")
        .show(new JsonObject(), true);

    assertThat(written.toString())
        .contains("\u001b[?7la wide table\u001b[?7h"); // no wrapping within
  }
}
