package io.aliecs.relay.text;

import org.jspecify.annotations.Nullable;
import org.slf4j.spi.LoggingEventBuilder;

/** What a line of the log is about, as fields beside its text: a log in JSON has them. */
public final class LogFields {
  private LogFields() {}

  /**
   * A line about one environment.
   *
   * @param run the number of its run that the line is about, null for none
   */
  public static LoggingEventBuilder about(
      LoggingEventBuilder line, String environmentId, @Nullable Long run) {
    LoggingEventBuilder about = line.addKeyValue("environment", environmentId);
    return run == null ? about : about.addKeyValue("run", run);
  }
}
