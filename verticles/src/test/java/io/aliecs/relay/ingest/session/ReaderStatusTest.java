package io.aliecs.relay.ingest.session;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ReaderStatusTest {
  private static final String PROBLEM = "aliecs.environment-0: offsets 3 to 4 cannot be read";

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(ReaderStatus.class);
  private final ReaderStatus status = new ReaderStatus(Clock.systemUTC());

  @BeforeEach
  void listen() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(logged);
  }

  private long warnings() {
    return logged.list.stream().filter(line -> line.getLevel() == Level.WARN).count();
  }

  @Test
  void whatStaysWrongIsLoggedOnceHoweverOftenItIsLookedAt() {
    for (int i = 0; i < 10; i++) {
      status.reading(PROBLEM);
      status.looked(PROBLEM);
    }
    assertThat(warnings()).isEqualTo(1);
    assertThat(status.current().state()).isEqualTo("incomplete");
  }

  @Test
  void reasonsThatTakeTurnsAreLoggedOnceInEachFailure() {
    for (int i = 0; i < 10; i++) {
      status.failing("broker:9092: refused");
      status.connecting("broker:9092");
      status.failing("broker:9092: no answer");
    }
    assertThat(warnings()).isEqualTo(2);
    assertThat(status.current().reason()).isEqualTo("broker:9092: no answer");

    status.reading("");
    status.failing("broker:9092: no answer");
    assertThat(warnings()).isEqualTo(3);
  }

  @Test
  void whatIsWrongIsSaidWhileItCatchesUpAndDoesNotEndThat() {
    status.catchingUp("");
    for (int i = 0; i < 10; i++) {
      status.looked(PROBLEM);
      status.catchingUp(PROBLEM);
    }
    assertThat(warnings()).isEqualTo(1);
    assertThat(status.current().state()).isEqualTo("catching up");
    assertThat(status.current().healthy()).isFalse();
  }

  @Test
  void whatIsWrongIsSaidBeforeAnythingWasRead() {
    status.connecting("broker:9092");
    status.looked(PROBLEM);
    assertThat(status.current().healthy()).isFalse();
    assertThat(status.current().reason()).isEqualTo(PROBLEM);
  }
}
