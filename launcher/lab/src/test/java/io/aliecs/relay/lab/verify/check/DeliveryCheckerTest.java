package io.aliecs.relay.lab.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.expected.ExpectedChange;
import io.aliecs.relay.lab.verify.expected.ExpectedLoad;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryCheckerTest {
  private static final int STEPS = 600;
  private static final int MIDDLE = 1_000;

  private final PerfectHistory history = PerfectHistory.published(STEPS);
  private final List<ReadRecord> damaged = new ArrayList<>(history.records);

  private CheckResult report() {
    return DeliveryChecker.check(history.load(), damaged, history.records);
  }

  private static boolean isNotice(ReadRecord record) {
    return record.value() instanceof ReadRecord.Notice;
  }

  private static boolean isList(ReadRecord record) {
    return record.value() instanceof ReadRecord.Runs && !record.subject().isEmpty();
  }

  private static ActiveRunsList runs(ReadRecord record) {
    return ((ReadRecord.Runs) record.value()).message();
  }

  private static NewStateNotification notice(ReadRecord record) {
    return ((ReadRecord.Notice) record.value()).message();
  }

  private int middle(boolean list) {
    return history.find(MIDDLE, list ? DeliveryCheckerTest::isList : DeliveryCheckerTest::isNotice);
  }

  @Test
  void findsNothingInAnIntactHistory() {
    CheckResult report = report();
    assertThat(report.findings()).isEmpty();
    assertThat(report.isClean()).isTrue();
    assertThat(report.expected()).isEqualTo(history.records.size() - 1).isGreaterThan(MIDDLE);
    assertThat(history.changes).extracting(ExpectedChange::published).contains(true, false);
  }

  @Test
  void findsEveryRecordThatIsLost() {
    for (int i = 1; i < history.records.size(); i++) {
      List<ReadRecord> without = new ArrayList<>(history.records);
      String environmentId = without.remove(i).subject();
      CheckResult report = DeliveryChecker.check(history.load(), without, history.records);
      assertThat(report.count(Kind.LOST)).as("without record %d", i).isPositive();
      assertThat(report.byEnvironment()).containsKey(environmentId);
    }
  }

  @Test
  void findsALostRecordOfTheOtherReader() {
    damaged.remove(middle(false));
    CheckResult report = DeliveryChecker.check(history.load(), history.records, damaged);
    assertThat(report.findings())
        .singleElement()
        .satisfies(
            f -> assertThat(f.isolation()).isEqualTo(Discrepancy.Isolation.READ_UNCOMMITTED));
  }

  @Test
  void findsARecordThatIsThereAgain() {
    ReadRecord record = damaged.get(middle(false));
    damaged.add(PerfectHistory.at(record, 1_000_000, record.id(), 1_000_000, 1));
    assertThat(report().count(Kind.DOUBLED)).isEqualTo(1);
  }

  @Test
  void findsARecordThatIsThereAgainUnderAnotherId() {
    ReadRecord record = damaged.get(middle(false));
    damaged.add(PerfectHistory.at(record, 1_000_000, "j/9999999/0", 1_000_000, 1));
    assertThat(report().count(Kind.DOUBLED)).isEqualTo(1);
  }

  @Test
  void findsAListThatIsThereAgain() {
    ReadRecord record = damaged.get(middle(true));
    damaged.add(PerfectHistory.at(record, 1_000_000, record.id(), 1_000_000, 1));
    assertThat(report().count(Kind.DOUBLED)).isEqualTo(1);
  }

  /** What {@code relay resend --list} would publish, but for the mark. */
  @Test
  void findsAListThatIsPublishedAgainThoughNobodyAskedForIt() {
    ReadRecord list = damaged.get(history.find(0, r -> r.value() instanceof ReadRecord.Runs));
    assertThat(list.subject()).isEmpty();
    ReadRecord last =
        damaged.stream()
            .filter(r -> r.value() instanceof ReadRecord.Runs)
            .reduce((a, b) -> b)
            .orElseThrow();
    ReadRecord again = PerfectHistory.at(list, 1_000_000, "j/9999999/0", 1_000_000, 1);
    damaged.add(PerfectHistory.saying(again, last.value()));
    assertThat(report().count(Kind.LIST)).isPositive();
  }

  @Test
  void findsRecordsOfAPartitionThatHaveChangedPlaces() {
    int one = middle(false);
    ReadRecord a = damaged.get(one);
    int two = history.find(one + 1, r -> r.topic().equals(a.topic()));
    ReadRecord b = damaged.get(two);
    damaged.set(one, PerfectHistory.at(a, b.offset(), a.id(), a.sequence(), 1));
    damaged.set(two, PerfectHistory.at(b, a.offset(), b.id(), b.sequence(), 1));
    assertThat(report().count(Kind.REORDERED)).isPositive();
  }

  @Test
  void findsMessagesOfAnEnvironmentThatHaveChangedPlacesOverTopics() {
    int one = middle(false);
    ReadRecord a = damaged.get(one);
    int two =
        history.find(
            one + 1,
            r ->
                isNotice(r)
                    && r.subject().equals(a.subject())
                    && !r.topic().equals(a.topic())
                    && r.sequence() != a.sequence());
    ReadRecord b = damaged.get(two);
    damaged.set(one, PerfectHistory.at(a, a.offset(), a.id(), b.sequence(), 1));
    damaged.set(two, PerfectHistory.at(b, b.offset(), b.id(), a.sequence(), 1));
    assertThat(report().count(Kind.REORDERED)).isPositive();
  }

  @Test
  void findsAListThatIsOld() {
    int one = history.find(MIDDLE, r -> isList(r) && !runs(r).equals(runsBefore(r)));
    ReadRecord list = damaged.get(one);
    ActiveRunsList stale =
        runs(list).toBuilder()
            .clearActiveRuns()
            .addAllActiveRuns(runsBefore(list).getActiveRunsList())
            .build();
    if (stale.equals(runs(list))) {
      throw new AssertionError("the list before says the same");
    }
    damaged.set(one, PerfectHistory.saying(list, new ReadRecord.Runs(stale)));
    assertThat(report().count(Kind.LIST)).isPositive();
  }

  /** The last list before that one that says something else. */
  private ActiveRunsList runsBefore(ReadRecord list) {
    ActiveRunsList found = ActiveRunsList.getDefaultInstance();
    for (ReadRecord record : history.records) {
      if (record.equals(list)) {
        return found;
      }
      if (isList(record)
          && !runs(record).getActiveRunsList().equals(runs(list).getActiveRunsList())) {
        found = runs(record);
      }
    }
    throw new AssertionError("not in the history");
  }

  @Test
  void findsAListThatLacksAnActiveRun() {
    int one = history.find(MIDDLE, r -> isList(r) && runs(r).getActiveRunsCount() > 1);
    ActiveRunsList shorter = runs(damaged.get(one)).toBuilder().removeActiveRuns(0).build();
    damaged.set(one, PerfectHistory.saying(damaged.get(one), new ReadRecord.Runs(shorter)));
    assertThat(report().count(Kind.LIST)).isPositive();
  }

  @Test
  void findsARunInAListThatIsOver() {
    int one = history.find(0, r -> isList(r) && runs(r).getActiveRunsCount() > 0);
    int two = history.find(MIDDLE, DeliveryCheckerTest::isList);
    ActiveRunsList longer =
        runs(damaged.get(two)).toBuilder()
            .addActiveRuns(runs(damaged.get(one)).getActiveRuns(0))
            .build();
    damaged.set(two, PerfectHistory.saying(damaged.get(two), new ReadRecord.Runs(longer)));
    assertThat(report().count(Kind.LIST)).isPositive();
  }

  @Test
  void findsAListInTheWrongOrder() {
    int one = history.find(MIDDLE, r -> isList(r) && runs(r).getActiveRunsCount() > 1);
    ActiveRunsList.Builder turned = runs(damaged.get(one)).toBuilder();
    turned.setActiveRuns(0, runs(damaged.get(one)).getActiveRuns(1));
    turned.setActiveRuns(1, runs(damaged.get(one)).getActiveRuns(0));
    damaged.set(one, PerfectHistory.saying(damaged.get(one), new ReadRecord.Runs(turned.build())));
    assertThat(report().count(Kind.LIST)).isPositive();
  }

  @Test
  void findsAMessageThatNothingExplains() {
    ReadRecord record = damaged.get(middle(false));
    NewStateNotification.Builder other = notice(record).toBuilder();
    other.getEnvInfoBuilder().setEnvironmentId("ghost");
    damaged.add(
        PerfectHistory.saying(
            PerfectHistory.at(record, 1_000_000, "j/9999999/0", 1_000_000, 1),
            new ReadRecord.Notice(other.build())));
    assertThat(report().count(Kind.INVENTED)).isEqualTo(1);
  }

  @Test
  void findsAWrongField() {
    int one = middle(false);
    NewStateNotification.Builder other = notice(damaged.get(one)).toBuilder();
    other.getEnvInfoBuilder().setEnterStateTimestamp(1);
    damaged.set(one, PerfectHistory.saying(damaged.get(one), new ReadRecord.Notice(other.build())));
    CheckResult report = report();
    assertThat(report.count(Kind.INVENTED)).isEqualTo(1);
    assertThat(report.count(Kind.LOST)).isEqualTo(1);
  }

  @Test
  void findsATombstone() {
    int one = middle(false);
    damaged.set(one, PerfectHistory.saying(damaged.get(one), new ReadRecord.Broken("no value")));
    assertThat(report().count(Kind.INVENTED)).isEqualTo(1);
  }

  @Test
  void findsAnEnvironmentThatMustNotBePublished() {
    List<ExpectedChange> secret =
        history.changes.stream()
            .map(
                c ->
                    new ExpectedChange(
                        c.order(),
                        c.environmentId(),
                        c.timestamp(),
                        false,
                        c.messages(),
                        c.listed(),
                        c.run()))
            .toList();
    CheckResult report =
        DeliveryChecker.check(
            new ExpectedLoad(secret, List.of(), false), history.records, history.records);
    assertThat(report.count(Kind.GHOST)).isEqualTo(2L * (history.records.size() - 1));
    assertThat(report.count(Kind.LIST)).isPositive();
  }

  @Test
  void findsAListOfAPublisherThatWasReplaced() {
    int one = middle(true);
    for (int i = one; i < damaged.size(); i++) {
      ReadRecord r = damaged.get(i);
      damaged.set(i, PerfectHistory.at(r, r.offset(), r.id(), r.sequence(), 0));
    }
    assertThat(report().count(Kind.GHOST)).isPositive();
  }

  @Test
  void findsAnIdThatWasLeftOut() {
    ReadRecord last = damaged.get(damaged.size() - 1);
    damaged.set(
        damaged.size() - 1,
        PerfectHistory.at(last, last.offset(), "j/9999999/0", last.sequence(), 1));
    assertThat(report().count(Kind.LOST)).isPositive();
  }

  @Test
  void allowsRepetitionsWhereTheLoadSaysSo() {
    ReadRecord record = damaged.get(middle(false));
    damaged.add(PerfectHistory.at(record, 1_000_000, record.id(), 1_000_000, 1));
    ExpectedLoad after = new ExpectedLoad(history.changes, List.of(), true);
    CheckResult report = DeliveryChecker.check(after, history.records, damaged);
    assertThat(report.findings()).isEmpty();
    assertThat(report.repeated()).isEqualTo(1);
    assertThat(DeliveryChecker.check(after, damaged, damaged).count(Kind.DOUBLED)).isEqualTo(1);
  }
}
