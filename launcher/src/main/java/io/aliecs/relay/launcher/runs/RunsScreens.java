package io.aliecs.relay.launcher.runs;

import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where {@code relay runs --watch} shows what it sees. */
final class RunsScreens {
  /** Cursor home, then clear (ECMA-48). */
  private static final String CLEAR = "\u001b[H\u001b[2J";

  private RunsScreens() {}

  /** A screen that is a stream of text. */
  private abstract static class Printed implements RunsWatch.Screen {
    private final PrintWriter out;

    private Printed(PrintWriter out) {
      this.out = out;
    }

    void print(String text) {
      out.println(text);
      out.flush();
    }

    @Override
    public boolean isUnread() {
      return out.checkError();
    }
  }

  /** One JSON object on each line; trouble goes to standard error. */
  static RunsWatch.Screen jsonLines(PrintWriter out) {
    return new Printed(out) {
      private @Nullable JsonObject shown;

      @Override
      public void show(JsonObject answer, boolean changed) {
        if (changed && !answer.equals(shown)) {
          shown = answer;
          print(answer.encode());
        }
      }

      @Override
      public void lost(String reason, long ageMs) {
        System.err.println("relay: " + reason + "; trying again");
      }
    };
  }

  /** A table for each change, one under the other. */
  static RunsWatch.Screen paragraphs(PrintWriter out, Function<JsonObject, String> table) {
    return new Printed(out) {
      @Override
      public void show(JsonObject answer, boolean changed) {
        if (changed) {
          print(table.apply(answer) + System.lineSeparator());
        }
      }

      @Override
      public void lost(String reason, long ageMs) {
        print(old(reason, ageMs));
      }
    };
  }

  /** One table that stays in place, with durations that go on. */
  static RunsWatch.Screen terminal(PrintWriter out, Function<JsonObject, String> table) {
    return new Printed(out) {
      private @Nullable JsonObject shown;

      @Override
      public void show(JsonObject answer, boolean changed) {
        shown = answer;
        print(CLEAR + table.apply(answer));
      }

      @Override
      public void lost(String reason, long ageMs) {
        String before = shown == null ? "" : table.apply(shown) + System.lineSeparator();
        print(CLEAR + before + old(reason, ageMs));
      }
    };
  }

  private static String old(String reason, long ageMs) {
    String age =
        ageMs < 0
            ? "nothing is known yet"
            : "what is shown is " + RunsTable.duration(ageMs) + " old";
    return "CONNECTION LOST, " + age + ": " + reason + "; trying again";
  }
}
