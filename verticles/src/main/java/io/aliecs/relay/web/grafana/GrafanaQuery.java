package io.aliecs.relay.web.grafana;

import io.aliecs.relay.web.http.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One statement of what dashboards ask of the published list, in the language of InfluxDB 1. Pure.
 *
 * @param run the run it asks for; null when what it names is no number, or it asks for none
 */
record GrafanaQuery(Kind kind, @Nullable Long run) {
  private static final int MOST_STATEMENTS = 100;
  private static final Pattern NUMBER = Pattern.compile("'?([0-9]{1,18})'?(?![\\w.'])");

  /** What can be asked, each with how it begins; whatever follows changes nothing. */
  enum Kind {
    POLICIES("SHOW RETENTION POLICIES", "SHOW\\s+RETENTION\\s+POLICIES\\b"),
    MEASUREMENTS("SHOW MEASUREMENTS", "SHOW\\s+MEASUREMENTS\\b"),
    RUNS("SHOW TAG VALUES FROM runs", "SHOW\\s+TAG\\s+VALUES\\s+FROM\\s+\"?runs\\b"),
    DETECTORS(
        "SHOW TAG VALUES FROM detectors WHERE run = <number>",
        "SHOW\\s+TAG\\s+VALUES\\s+FROM\\s+\"?detectors\\b.*?\\bWHERE\\s+\"?run\"?\\s*=\\s*"),
    RUN(
        "SELECT … FROM active_runs WHERE run = <number>",
        "SELECT\\b.*?\\bactive_runs\"?\\s+WHERE\\s+\"?run\"?\\s*=\\s*");

    private final String form;
    private final Pattern begin;

    Kind(String form, String begin) {
      this.form = form;
      this.begin = Pattern.compile(begin, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }

    /** What can be asked, for people. */
    static String forms() {
      return Arrays.stream(values()).map(kind -> kind.form).collect(Collectors.joining(", or "));
    }
  }

  /**
   * The statements of a text, which are separated by semicolons.
   *
   * @throws Problem.BadRequest naming what was found and what is expected
   */
  static List<GrafanaQuery> parse(String text) {
    List<GrafanaQuery> statements = new ArrayList<>();
    for (String statement : text.split(";", MOST_STATEMENTS + 1)) {
      if (!statement.isBlank()) {
        statements.add(statement(statement.strip()));
      }
    }
    if (statements.isEmpty() || statements.size() > MOST_STATEMENTS) {
      throw wrong(statements.isEmpty() ? text : "more than " + MOST_STATEMENTS + " statements");
    }
    return statements;
  }

  private static GrafanaQuery statement(String statement) {
    for (Kind kind : Kind.values()) {
      Matcher begin = kind.begin.matcher(statement);
      if (begin.lookingAt()) {
        Matcher number = NUMBER.matcher(statement).region(begin.end(), statement.length());
        return new GrafanaQuery(
            kind, number.lookingAt() ? Long.valueOf(Long.parseLong(number.group(1))) : null);
      }
    }
    throw wrong(statement);
  }

  private static Problem.BadRequest wrong(String found) {
    return new Problem.BadRequest(
        "error parsing query: found " + Problem.shown(found) + " (expected: " + Kind.forms() + ")");
  }
}
