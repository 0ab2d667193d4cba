package io.aliecs.relay.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ListOrderTest {

  private static EnvironmentInfo run(String id, long number, String... detectors) {
    return new EnvironmentInfo(id, number, "PHYSICS", State.RUNNING, List.of(detectors), 1);
  }

  @Test
  void itsComesFirstThenMoreDetectorsThenLowerRunsThenTheId() {
    List<EnvironmentInfo> ordered =
        List.of(
            run("a", 9, "ITS", "TPC", "TOF"),
            run("b", 3, "ITS", "TPC"),
            run("c", 4, "ITS", "MFT"),
            run("d", 4, "ITS", "MFT"),
            run("e", 1, "TPC", "TOF", "MCH"),
            run("f", 2, "TPC", "TOF"),
            run("g", 5, "ITS"),
            run("h", 6, "TPC"),
            run("i", 0));
    List<EnvironmentInfo> shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(1));
    assertThat(shuffled.stream().sorted(EnvironmentInfo.LIST_ORDER)).isEqualTo(ordered);
  }

  @Test
  void detectorsOfAListAreInByteOrder() {
    assertThat(run("a", 1, "tpc", "ZDC", "É", "A", "ITS", "ITS2").listed().detectors())
        .containsExactly("A", "ITS", "ITS2", "ZDC", "tpc", "É");
    String high = "\uD83D\uDE00"; // above the BMP: behind it in bytes, before it in UTF-16
    assertThat(run("a", 1, high, "\uFFFD").listed().detectors()).containsExactly("\uFFFD", high);
  }

  @Provide
  Arbitrary<EnvironmentInfo> runs() {
    return Combinators.combine(
            Arbitraries.of("a", "b", "B", "é", "\uFFFD", "\uD83D\uDE00"),
            Arbitraries.of(1L, 2L, 4_294_967_295L),
            Arbitraries.of("ITS", "TPC", "TOF").list().uniqueElements().ofMaxSize(3))
        .as((id, number, detectors) -> run(id, number, detectors.toArray(String[]::new)));
  }

  @Property
  void theOrderIsTotal(
      @ForAll("runs") EnvironmentInfo a,
      @ForAll("runs") EnvironmentInfo b,
      @ForAll("runs") EnvironmentInfo c) {
    int ab = Integer.signum(EnvironmentInfo.LIST_ORDER.compare(a, b));
    assertThat(Integer.signum(EnvironmentInfo.LIST_ORDER.compare(b, a))).isEqualTo(-ab);
    if (ab <= 0 && EnvironmentInfo.LIST_ORDER.compare(b, c) <= 0) {
      assertThat(EnvironmentInfo.LIST_ORDER.compare(a, c)).isNotPositive();
    }
    if (!a.environmentId().equals(b.environmentId())) {
      assertThat(ab).isNotZero();
    }
  }
}
