package io.aliecs.relay.host.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class StartingPointTest {
  private static final Instant NOW = Instant.parse("2026-11-29T08:30:00Z");

  @Test
  void isHowLongAgoOrATime() {
    assertThat(time("10m")).isEqualTo("2026-11-29T08:20:00Z");
    assertThat(time("1h30m")).isEqualTo("2026-11-29T07:00:00Z");
    assertThat(time("500ms")).isEqualTo("2026-11-29T08:29:59.500Z");
    assertThat(time("2026-11-28T23:59:59Z")).isEqualTo("2026-11-28T23:59:59Z");
    assertThat(time("2026-11-28T23:59:59+01:00")).isEqualTo("2026-11-28T22:59:59Z");
  }

  @Test
  void aTimeWithoutAZoneIsLocal() {
    ZoneId geneva = ZoneId.of("Europe/Zurich");
    assertThat(Instant.ofEpochMilli(StartingPoint.time("2026-11-28T12:00:00", NOW, geneva)))
        .isEqualTo("2026-11-28T11:00:00Z");
    assertThat(Instant.ofEpochMilli(StartingPoint.time("2026-11-28", NOW, geneva)))
        .isEqualTo("2026-11-27T23:00:00Z");
  }

  @Test
  void saysWhatIsExpected() {
    for (String wrong :
        new String[] {"", "yesterday", "10", "-", "2026-13-01", "99999999999999h"}) {
      assertThatThrownBy(() -> time(wrong))
          .hasMessageStartingWith("'" + wrong + "' (expected: how long ago, such as 10m");
    }
  }

  private static Instant time(String text) {
    return Instant.ofEpochMilli(StartingPoint.time(text, NOW, ZoneOffset.UTC));
  }
}
