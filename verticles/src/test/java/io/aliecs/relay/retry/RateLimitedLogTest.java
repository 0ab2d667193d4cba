package io.aliecs.relay.retry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A flood of warnings is cut, and said to be. */
class RateLimitedLogTest {
  private final ListAppender<ILoggingEvent> written = new ListAppender<>();
  private long now = Long.MAX_VALUE - 5; // a clock of no meaning, that runs over
  private RateLimitedLog log;

  @BeforeEach
  void open() {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    Logger logger = context.getLogger("there");
    written.start();
    logger.addAppender(written);
    log = new RateLimitedLog(logger, () -> now);
  }

  private List<String> texts() {
    return written.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void saysTenInTenSecondsAndThenHowManyItKeptBack() {
    for (int i = 0; i < 1_000; i++) {
      int number = i;
      log.warn(() -> "bad record " + number);
    }
    assertThat(texts()).hasSize(10).startsWith("bad record 0").endsWith("bad record 9");

    now += TimeUnit.SECONDS.toNanos(10);
    log.warn(() -> "one more");
    log.warn(() -> "and another");
    assertThat(texts())
        .hasSize(12)
        .endsWith("one more (990 warnings before were kept back)", "and another");
  }

  @Test
  void aLineAboutAnEnvironmentHasItAndItsRunAsFields() {
    log.warn("2env", 7L, () -> "refused");
    log.warn("2env", null, () -> "left out");

    assertThat(written.list)
        .extracting(line -> String.valueOf(line.getKeyValuePairs()))
        .containsExactly("[environment=\"2env\", run=\"7\"]", "[environment=\"2env\"]");
  }
}
