package io.aliecs.relay.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class WebOptionsTest {

  @Test
  void namesThePortThatIsOutOfRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebOptions("127.0.0.1", 65_536, "127.0.0.1", 0))
        .withMessage("http.port: 65536 (expected: 1 to 65535, or 0 for any free port)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebOptions("127.0.0.1", 0, "127.0.0.1", -1))
        .withMessageStartingWith("management.port: -1 (expected:");
  }

  @Test
  void refusesAHostThatIsNone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebOptions("", 0, "127.0.0.1", 0))
        .withMessageStartingWith("http.host: \"\" (expected:");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebOptions("::1", 0, "[::1]", 0))
        .withMessageStartingWith("management.host: \"[::1]\" (expected:");
  }

  @Test
  void refusesOnePortForBoth() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebOptions("127.0.0.1", 8080, "127.0.0.1", 8080))
        .withMessage("management.port: 8080 (expected: another port than http.port)");
    assertThat(new WebOptions("127.0.0.1", 0, "127.0.0.1", 0).port()).isZero();
  }
}
