package io.aliecs.relay.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconcileOptionsTest {
  @Test
  void without_an_address_nobody_is_asked() {
    assertThat(new ReconcileOptions("", false, "", ReconcileOptions.DEFAULT_INTERVAL).enabled())
        .isFalse();
  }

  @Test
  void an_address_is_a_host_and_a_port() {
    ReconcileOptions named =
        new ReconcileOptions("ali_ecs.cern.ch:32102", false, "", ReconcileOptions.DEFAULT_INTERVAL);
    assertThat(named.enabled()).isTrue();
    assertThat(named.host()).isEqualTo("ali_ecs.cern.ch");
    assertThat(named.port()).isEqualTo(32102);
    assertThat(
            new ReconcileOptions("[::1]:32102", false, "", ReconcileOptions.DEFAULT_INTERVAL)
                .host())
        .isEqualTo("::1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"core", "core:", "http://core:32102", ":32102", "core:0", "core:70000"})
  void anything_else_is_refused(String address) {
    assertThatThrownBy(
            () -> new ReconcileOptions(address, false, "", ReconcileOptions.DEFAULT_INTERVAL))
        .hasMessageStartingWith("aliecs.core")
        .hasMessageContaining("expected");
  }
}
