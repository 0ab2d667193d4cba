package io.aliecs.relay.lab.verify.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.verify.check.Discrepancy.Isolation;
import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.check.adoption.AdoptionChecker;
import io.aliecs.relay.lab.verify.expected.ExpectedLoad;
import io.aliecs.relay.lab.verify.expected.ExpectedRepeats;
import io.aliecs.relay.lab.verify.expected.OffPeriod;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class RepeatCheckerTest {
  private static final String EOR = "aliecs.env_leave_state.RUNNING";

  private final PerfectHistory history = PerfectHistory.published(600);
  private final Map<String, String> asked = new HashMap<>();

  private ReadRecord repeat(ReadRecord said, String request) {
    asked.put(request, said.value() instanceof ReadRecord.Runs ? "" : said.subject());
    return history.repeat(said, request);
  }

  private ExpectedLoad load(boolean repeatsAllowed, OffPeriod... periods) {
    return new ExpectedLoad(
        history.changes,
        List.of(periods),
        repeatsAllowed,
        new ExpectedRepeats(asked, asked.keySet()));
  }

  private CheckResult report(List<ReadRecord> committed) {
    return DeliveryChecker.check(load(false), committed, history.records);
  }

  private List<ReadRecord> without(ReadRecord record) {
    List<ReadRecord> others = new ArrayList<>(history.records);
    others.remove(record);
    return others;
  }

  private ReadRecord last(Predicate<ReadRecord> wanted) {
    return history.records.stream().filter(wanted).reduce((one, next) -> next).orElseThrow();
  }

  private static boolean isList(ReadRecord record) {
    return record.value() instanceof ReadRecord.Runs;
  }

  /** The last state that was entered, by an environment of which nothing else came behind it. */
  private ReadRecord state() {
    return last(
        record ->
            record.topic().startsWith("aliecs.env_state.")
                && last(any -> any.subject().equals(record.subject()) && !isList(any)) == record);
  }

  @Test
  void findsNothingWhereTheListAndAStateAreRepeated() {
    repeat(last(RepeatCheckerTest::isList), "1");
    repeat(state(), "2");
    CheckResult report = report(history.records);
    assertThat(report.findings()).isEmpty();
    assertThat(report.resent()).isEqualTo(2);
    assertThat(report.expected()).isEqualTo(history.records.size() - 1);
    assertThat(AdoptionChecker.check(load(false), history.records, history.records).findings())
        .isEmpty();
  }

  @Test
  void findsWhatIsMissingThoughItWasTaken() {
    ReadRecord repeat = repeat(state(), "1");
    CheckResult report = report(without(repeat));
    assertThat(report.count(Kind.LOST)).isEqualTo(1);
    assertThat(report.byEnvironment()).containsOnlyKeys(repeat.subject());
  }

  @Test
  void findsWhatNobodyHasAskedFor() {
    history.repeat(state(), "1");
    assertThat(report(history.records).count(Kind.INVENTED)).isEqualTo(2); // of either reader
  }

  @Test
  void findsWhatComesTwiceForOneRequest() {
    ReadRecord repeat = repeat(last(RepeatCheckerTest::isList), "1");
    repeat(repeat, "1");
    assertThat(report(history.records).count(Kind.DOUBLED)).isEqualTo(2);
  }

  @Test
  void allowsARepetitionUnderTheSameIdWhereTheLoadSaysSo() {
    ReadRecord repeat = repeat(last(RepeatCheckerTest::isList), "1");
    List<ReadRecord> twice = new ArrayList<>(history.records);
    twice.add(PerfectHistory.at(repeat, 1_000_000, repeat.id(), 1_000_000, 1));
    assertThat(DeliveryChecker.check(load(true), history.records, twice).findings()).isEmpty();
    assertThat(DeliveryChecker.check(load(true), twice, twice).count(Kind.DOUBLED)).isEqualTo(1);
  }

  @Test
  void allowsATransactionThatWasAbortedAndIsSentAgain() {
    ReadRecord list = last(RepeatCheckerTest::isList);
    ReadRecord repeat = repeat(list, "1");
    List<ReadRecord> twice = new ArrayList<>(history.records);
    twice.add(PerfectHistory.at(list, 1_000_000, list.id(), list.sequence(), 1));
    twice.add(PerfectHistory.at(repeat, 1_000_001, repeat.id(), repeat.sequence(), 1));
    assertThat(DeliveryChecker.check(load(true), history.records, twice).findings()).isEmpty();
    assertThat(DeliveryChecker.check(load(true), twice, twice).count(Kind.REORDERED)).isPositive();
  }

  @Test
  void allowsAStateWithWhatWasNotKnownWhenItWasSaidFirst() {
    ReadRecord state = state();
    repeat(state, "1");
    List<ReadRecord> less =
        history.records.stream().map(one -> one == state ? withoutDetectors(one) : one).toList();
    assertThat(new RepeatChecker(load(false), Isolation.READ_COMMITTED).check(less)).isEmpty();
  }

  private static ReadRecord withoutDetectors(ReadRecord said) {
    NewStateNotification.Builder message = ((ReadRecord.Notice) said.value()).message().toBuilder();
    message.getEnvInfoBuilder().clearDetectors();
    return new ReadRecord(
        said.broker(),
        said.topic(),
        said.partition(),
        said.offset(),
        said.id(),
        said.sequence(),
        said.epoch(),
        said.cause(),
        said.subject(),
        said.late(),
        said.repeat(),
        said.time(),
        new ReadRecord.Notice(message.build()));
  }

  @Test
  void findsAnOldListAndAnOldState() {
    ReadRecord state = state();
    repeat(history.records.get(history.find(1_000, RepeatCheckerTest::isList)), "1");
    repeat(
        last(
            record ->
                record.subject().equals(state.subject())
                    && record.topic().startsWith("aliecs.env_state.")
                    && record.sequence() < state.sequence()),
        "2");
    CheckResult report = report(history.records);
    assertThat(report.count(Kind.LIST)).isEqualTo(1);
    assertThat(report.count(Kind.INVENTED)).isEqualTo(1);
  }

  @Test
  void findsAStartOfRunBehindItsEnd() {
    int end = history.find(0, record -> record.topic().equals(EOR));
    ReadRecord start =
        history.records.subList(0, end).stream()
            .filter(record -> record.topic().equals("aliecs.env_state.RUNNING"))
            .filter(record -> record.subject().equals(history.records.get(end).subject()))
            .reduce((one, next) -> next)
            .orElseThrow();
    history.records.subList(end + 1, history.records.size()).clear();
    repeat(start, "1");
    assertThat(new RepeatChecker(load(false), Isolation.READ_COMMITTED).check(history.records))
        .extracting(Discrepancy::kind)
        .containsExactly(Kind.INVENTED);
  }

  @Test
  void letsNoRepetitionStandInForWhatIsMissing() {
    ReadRecord state = state();
    repeat(state, "1");
    assertThat(report(without(state)).count(Kind.LOST)).isPositive();
  }

  @Test
  void findsWhatStandsBeforeWhatWasPublishedBeforeIt() {
    ReadRecord list = last(RepeatCheckerTest::isList);
    ReadRecord repeat = repeat(list, "1");
    List<ReadRecord> others = without(repeat);
    others.add(PerfectHistory.at(repeat, list.offset() - 1, repeat.id(), repeat.sequence(), 1));
    assertThat(report(others).count(Kind.REORDERED)).isPositive();
  }

  @Test
  void allowsAStateThatWasNeverSaidBecausePublishingWasOff() {
    ReadRecord state = state();
    long order =
        history.changes.stream()
            .filter(change -> change.environmentId().equals(state.subject()))
            .filter(change -> change.timestamp() == state.time())
            .findFirst()
            .orElseThrow()
            .order();
    repeat(state, "1");
    OffPeriod off = new OffPeriod(order - 1, order - 1, order, order, state.time());
    assertThat(new RepeatChecker(load(false, off), Isolation.READ_COMMITTED).check(without(state)))
        .isEmpty();
    assertThat(new RepeatChecker(load(false), Isolation.READ_COMMITTED).check(without(state)))
        .hasSize(1);
  }
}
