package io.aliecs.relay.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconcileOptionsTest {
  @Test
  void withoutAnAddressNobodyIsAsked() {
    assertThat(new ReconcileOptions("", false, "", ReconcileOptions.DEFAULT_INTERVAL).enabled())
        .isFalse();
  }

  @Test
  void anAddressIsAHostAndAPort() {
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
  void anythingElseIsRefused(String address) {
    assertThatThrownBy(
            () -> new ReconcileOptions(address, false, "", ReconcileOptions.DEFAULT_INTERVAL))
        .hasMessageStartingWith("aliecs.core")
        .hasMessageContaining("expected");
  }
}
