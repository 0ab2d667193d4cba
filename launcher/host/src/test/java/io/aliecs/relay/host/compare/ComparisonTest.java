package io.aliecs.relay.host.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.host.compare.Difference.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final long FROM = 1_000_000;
  private static final long END = FROM + 3_600_000;
  private static final String SOR = Topics.SOR;
  private static final String EOR = Topics.leaving(State.RUNNING);

  private final Comparison comparison = new Comparison(FROM, Duration.ofSeconds(30));
  private final List<Difference> found = new ArrayList<>();

  private static Statement of(Side side, String kind, String run, long seconds, String... more) {
    long time = FROM + 100_000 + 1_000 * seconds;
    return new Statement(
        side, kind, "2abc", run, "PHYSICS", "RUNNING", Arrays.asList(more), time, time);
  }

  private static Statement plugin(String kind, String run, long seconds, String... detectors) {
    return of(Side.PLUGIN, kind, run, seconds, detectors);
  }

  private static Statement relay(String kind, String run, long seconds, String... detectors) {
    return of(Side.RELAY, kind, run, seconds, detectors);
  }

  private List<Kind> kinds(Statement... statements) {
    for (Statement one : statements) {
      found.addAll(comparison.add(one));
    }
    found.addAll(comparison.readUpTo(END));
    return found.stream().map(Difference::kind).toList();
  }

  @Test
  void whatBothSayIsAlikeWhoeverComesFirstAndByHowMuchTheyDifferIsKnown() {
    assertThat(
            kinds(
                plugin(SOR, "1", 0, "ITS"),
                relay(SOR, "1", 1, "ITS"),
                relay(EOR, "1", 9),
                plugin(EOR, "1", 12)))
        .isEmpty();

    Comparison.Result result = comparison.result();
    assertThat(result.isAlike()).isTrue();
    assertThat(result.alike()).isEqualTo(2);
    assertThat(List.of(result.messageTime().quantile(0), result.messageTime().quantile(1)))
        .containsExactly(-3_000L, 1_000L);
  }

  @Test
  void whatOneSideLacksIsFoundOnceItsTimeIsOver() {
    comparison.add(plugin(SOR, "1", 0));
    assertThat(comparison.readUpTo(FROM + 130_000)).isEmpty();
    assertThat(kinds(relay(SOR, "2", 0)))
        .containsExactlyInAnyOrder(Kind.ONLY_PLUGIN, Kind.ONLY_RELAY);
    assertThat(comparison.result().isAlike()).isFalse();
  }

  @Test
  void whatIsTooFarApartIsNotTheSame() {
    assertThat(kinds(plugin(SOR, "1", 0), relay(SOR, "1", 31)))
        .containsExactlyInAnyOrder(Kind.ONLY_PLUGIN, Kind.ONLY_RELAY);
  }

  @Test
  void oneThatIsMissingDoesNotMakeTheNextOfItsKindDiffer() {
    String configured = Topics.entered(State.CONFIGURED);
    assertThat(
            kinds(
                relay(configured, "", 0),
                plugin(configured, "", 5),
                relay(configured, "", 5),
                plugin(configured, "", 10),
                relay(configured, "", 10)))
        .containsExactly(Kind.ONLY_RELAY);
    assertThat(comparison.result().alike()).isEqualTo(2);
  }

  @Test
  void otherContentIsNamedWithWhatBothSay() {
    assertThat(kinds(plugin(SOR, "1", 0, "ITS", "TPC"), relay(SOR, "1", 0, "ITS")))
        .containsExactly(Kind.CONTENT);
    assertThat(found.get(0).detail()).isEqualTo("detectors: ITS TPC (relay: ITS)");
  }

  @Test
  void messagesOfAnEnvironmentTheOtherWayRoundAreFound() {
    assertThat(
            kinds(plugin(SOR, "1", 0), relay(EOR, "1", 1), plugin(EOR, "1", 3), relay(SOR, "1", 2)))
        .containsExactly(Kind.ORDER);
    assertThat(found.get(0).detail()).isEqualTo("behind " + SOR + " (relay: before it)");
  }

  @Test
  void whatIsMeantToDifferIsSaidAndDoesNotCount() {
    assertThat(
            kinds(
                relay(Topics.entered(State.STANDBY), "", 0),
                plugin(SOR, "1", 0),
                relay(SOR, "1", 0),
                plugin(EOR, "1", 1),
                relay(EOR, "1", 1),
                plugin(EOR, "1", 2)))
        .containsExactlyInAnyOrder(Kind.RELAY_ANNOUNCES, Kind.PLUGIN_REPEATS);
    assertThat(comparison.result().isAlike()).isTrue();
  }

  @Test
  void atTheEdgeNothingIsJudged() {
    Statement early =
        new Statement(Side.PLUGIN, SOR, "2abc", "1", "", "RUNNING", List.of(), FROM, FROM);
    Statement late =
        new Statement(Side.PLUGIN, SOR, "2abc", "2", "", "RUNNING", List.of(), END, END);
    assertThat(kinds(early, late)).isEmpty();
    assertThat(comparison.result().open()).isEqualTo(2);
    assertThat(comparison.result().isAlike()).as("nothing was in both").isFalse();
  }

  @Test
  void itGivesUpBeforeItTakesAllMemory() {
    for (int i = 0; i < Comparison.WAITING_LIMIT; i++) {
      comparison.add(plugin(SOR, String.valueOf(i), 0));
    }
    assertThatThrownBy(() -> comparison.add(plugin(SOR, "more", 0)))
        .hasMessageContaining("wait for the other side")
        .hasMessageContaining("expected");
  }
}
