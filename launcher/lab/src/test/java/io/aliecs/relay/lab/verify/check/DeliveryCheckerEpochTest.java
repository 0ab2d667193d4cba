package io.aliecs.relay.lab.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.expected.ExpectedChange;
import io.aliecs.relay.lab.verify.expected.ExpectedLoad;
import io.aliecs.relay.lab.verify.expected.OffPeriod;
import io.aliecs.relay.lab.verify.expected.RunHistory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories with more than one start of publishing. */
class DeliveryCheckerEpochTest {
  private static final int STEPS = 600;

  private final PerfectHistory history = PerfectHistory.ofSteps(STEPS);
  private final List<ExpectedChange> all = history.changes;
  private final int half = all.size() / 2;

  private long order(int index) {
    return all.get(index).order();
  }

  private CheckResult report(OffPeriod... periods) {
    return DeliveryChecker.check(
        new ExpectedLoad(all, List.of(periods), false), history.records, history.records);
  }

  /** A change that starts or ends a published run, well behind the middle. */
  private int changeOfRuns(int from) {
    RunHistory runs = new RunHistory(all);
    for (int i = from; i < all.size(); i++) {
      if (!runs.after(order(i)).equals(runs.after(order(i - 1)))) {
        return i;
      }
    }
    throw new AssertionError("no run starts or ends behind " + from);
  }

  @Test
  void knowsThatListsOfPendingChangesSayWhatIsTrueNow() {
    history.start(-1, 1);
    history.publish(all.subList(0, half));
    history.start(order(half + 40), 2);
    history.publish(all.subList(half, all.size()), order(half + 40));
    assertThat(report().findings()).isEmpty();
  }

  @Test
  void findsListsOfPendingChangesThatSayWhatWasTrueThen() {
    int pending = changeOfRuns(half);
    history.start(-1, 1);
    history.publish(all.subList(0, pending));
    history.start(order(pending + 40), 2);
    history.publish(all.subList(pending, all.size()));
    assertThat(report().count(Kind.LIST)).isPositive();
  }

  @Test
  void findsAFirstListFromBeforeTheLastMessage() {
    int known = changeOfRuns(half);
    history.start(-1, 1);
    history.publish(all.subList(0, known + 1));
    RunHistory runs = new RunHistory(all);
    history.start(order(known - 1), 2);
    history.publish(all.subList(known + 1, all.size()));
    assertThat(runs.after(order(known))).isNotEqualTo(runs.after(order(known - 1)));
    assertThat(report().count(Kind.LIST)).isPositive();
  }

  @Test
  void findsAnEpochThatBeginsWithoutItsList() {
    history.start(-1, 1);
    history.publish(all.subList(0, half));
    history.start(order(half), 2);
    history.records.remove(history.records.size() - 1);
    history.publish(all.subList(half, all.size()), order(half));
    assertThat(report().count(Kind.LIST)).isPositive();
  }

  private OffPeriod off() {
    return new OffPeriod(
        order(half - 20), order(half + 20), order(half + 60), order(half + 100), 5);
  }

  private void publishAround(int offAt, int onAt) {
    history.start(-1, 1);
    history.publish(all.subList(0, offAt));
    history.start(order(onAt - 1), 5);
    history.publish(all.subList(onAt, all.size()));
  }

  @Test
  void expectsNothingWhilePublishingIsOffButTheOtherHalfOfRuns() {
    publishAround(half, half + 80);
    assertThat(report(off()).findings())
        .isNotEmpty()
        .allMatch(finding -> finding.text().startsWith("half a run: missing"));
  }

  @Test
  void findsWhatIsPublishedWhileItIsOff() {
    publishAround(half + 30, half + 80);
    assertThat(report(off()).count(Kind.GHOST)).isPositive();
  }

  @Test
  void findsWhatIsLostBeforeItIsOff() {
    publishAround(half - 30, half + 80);
    assertThat(report(off()).count(Kind.LOST)).isPositive();
  }

  @Test
  void findsWhatIsLostWhenItIsOnAgain() {
    publishAround(half, half + 110);
    assertThat(report(off()).count(Kind.LOST)).isPositive();
  }

  @Test
  void findsAHoleInWhatGoesOutBeforeItIsOff() {
    history.start(-1, 1);
    history.publish(all.subList(0, half - 10));
    history.publish(all.subList(half - 5, half + 10));
    history.start(order(half + 80), 5);
    history.publish(all.subList(half + 81, all.size()));
    assertThat(report(off()).count(Kind.LOST)).isPositive();
  }

  @Test
  void findsAFirstListFromBeforeItWasOff() {
    int known = changeOfRuns(half + 21);
    OffPeriod period =
        new OffPeriod(order(half - 20), order(half), order(known + 10), order(known + 20), 5);
    history.start(-1, 1);
    history.publish(all.subList(0, half));
    history.start(order(half), 5);
    history.publish(all.subList(known + 15, all.size()));
    assertThat(report(period).count(Kind.LIST)).isPositive();
  }
}
