package io.aliecs.relay.host.runs;

import io.aliecs.relay.host.terminal.DurationText;
import io.aliecs.relay.host.terminal.Terminal;
import io.aliecs.relay.host.terminal.TerminalText;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where {@code relay runs --watch} shows what it sees. */
final class RunsScreens {
  /** Cursor home, then clear (ECMA-48). */
  private static final String CLEAR = "\u001b[H\u001b[2J";

  /** The terminal cuts lines that are too wide for it (DECAWM), or continues them. */
  private static final String CUT = "\u001b[?7l";

  private static final String CONTINUE = "\u001b[?7h";

  private RunsScreens() {}

  /** One JSON object on each line; trouble goes to standard error. */
  static RunsWatch.Screen jsonLines(PrintWriter out) {
    return new RunsWatch.Screen() {
      private @Nullable JsonObject shown;

      @Override
      public void show(JsonObject answer, boolean changed) {
        if (changed && !answer.equals(shown)) {
          shown = answer;
          print(out, answer.encode());
        }
      }

      @Override
      public void lost(String reason, long ageMs) {
        System.err.println("relay: " + TerminalText.plain(reason) + "; trying again");
      }
    };
  }

  /** A table for each change, one under the other. */
  static RunsWatch.Screen paragraphs(PrintWriter out, Function<JsonObject, String> table) {
    return new RunsWatch.Screen() {
      @Override
      public void show(JsonObject answer, boolean changed) {
        if (changed) {
          print(out, table.apply(answer) + System.lineSeparator());
        }
      }

      @Override
      public void lost(String reason, long ageMs) {
        print(out, Terminal.fitted(old(reason, ageMs)));
      }
    };
  }

  /** One table that stays in place, with durations that go on. */
  static RunsWatch.Screen terminal(PrintWriter out, Function<JsonObject, String> table) {
    return new RunsWatch.Screen() {
      private @Nullable JsonObject shown;

      @Override
      public void show(JsonObject answer, boolean changed) {
        shown = answer;
        print(out, CLEAR + CUT + table.apply(answer) + CONTINUE);
      }

      @Override
      public void lost(String reason, long ageMs) {
        String before = shown == null ? "" : table.apply(shown) + System.lineSeparator();
        print(out, CLEAR + CUT + before + CONTINUE + Terminal.fitted(old(reason, ageMs)));
      }
    };
  }

  private static String old(String reason, long ageMs) {
    String age =
        ageMs < 0 ? "nothing is known yet" : "what is shown is " + DurationText.of(ageMs) + " old";
    return "CONNECTION LOST, " + age + ": " + reason + "; trying again";
  }

  private static void print(PrintWriter out, String text) {
    out.println(text);
    out.flush();
  }
}
