package io.aliecs.relay.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.bus.status.ClusterChange;
import io.aliecs.relay.settings.ClusterHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A change never leaves fewer hosts alive than the group then needs. */
class MembershipPlanTest {
  private static final ClusterHost A = new ClusterHost("a", "10.0.0.1", 8701);
  private static final ClusterHost B = new ClusterHost("b", "10.0.0.2", 8701);
  private static final ClusterHost C = new ClusterHost("c", "10.0.0.3", 8701);
  private static final ClusterHost D = new ClusterHost("d", "10.0.0.4", 8701);
  private static final List<ClusterHost> THREE = List.of(A, B, C);

  @Test
  void aDeadHostCanGoAndBeReplaced() {
    Set<String> alive = Set.of("a", "b", "d");
    assertThat(MembershipPlan.after(THREE, alive, ClusterChange.remove("c"))).containsExactly(A, B);
    assertThat(MembershipPlan.after(THREE, alive, ClusterChange.replace("c", D)))
        .containsExactly(A, B, D);
    assertThat(MembershipPlan.after(THREE, alive, ClusterChange.add(D)))
        .containsExactly(A, B, C, D);
  }

  @Test
  void aLiveHostCannotGoWhileAnotherIsDead() {
    refused(Set.of("a", "b"), ClusterChange.remove("b"), "only 1 would answer, not [c]");
  }

  @Test
  void aReplacementKeepsTheAddressOnlyOfTheHostThatGoes() {
    ClusterHost sameAddress = new ClusterHost("d", "10.0.0.3", 8701);
    Set<String> alive = Set.of("a", "b", "d");
    assertThat(MembershipPlan.after(THREE, alive, ClusterChange.replace("c", sameAddress)))
        .containsExactly(A, B, sameAddress);
    refused(alive, ClusterChange.replace("a", sameAddress), "10.0.0.3:8701 is that of c");
    refused(alive, ClusterChange.add(sameAddress), "10.0.0.3:8701 is that of c");
  }

  @Test
  void anIdIsNeverUsedForAnotherDisk() {
    Set<String> alive = Set.of("a", "b", "c");
    ClusterHost again = new ClusterHost("c", "10.0.0.9", 8701);
    refused(alive, ClusterChange.add(again), "c is in the cluster");
    refused(alive, ClusterChange.replace("c", again), "c is in the cluster");
  }

  @Test
  void thereIsAlwaysOneHostAndNeverTooMany() {
    assertThatThrownBy(
            () -> MembershipPlan.after(List.of(A), Set.of("a"), ClusterChange.remove("a")))
        .hasMessageContaining("none would be left");
    List<ClusterHost> most = new ArrayList<>();
    for (int i = 0; i < ClusterHost.MOST; i++) {
      most.add(new ClusterHost("h" + i, "10.0.1." + i, 8701));
    }
    assertThatThrownBy(() -> MembershipPlan.after(most, Set.of(), ClusterChange.add(D)))
        .hasMessageContaining("at most " + ClusterHost.MOST);
  }

  private static void refused(Set<String> alive, ClusterChange change, String why) {
    assertThatThrownBy(() -> MembershipPlan.after(THREE, alive, change))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why)
        .hasMessageContaining("expected: ");
  }
}
