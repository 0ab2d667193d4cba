package io.aliecs.relay.lab.verify.check.adoption;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.verify.check.CheckResult;
import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.check.PerfectHistory;
import io.aliecs.relay.lab.verify.check.ReadRecord;
import io.aliecs.relay.lab.verify.expected.ExpectedChange;
import io.aliecs.relay.lab.verify.expected.ExpectedLoad;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class AdoptionCheckerTest {
  private static final int MIDDLE = 300;

  private final PerfectHistory history = PerfectHistory.published(600);
  private final List<ReadRecord> damaged = new ArrayList<>(history.records);

  private CheckResult report() {
    return AdoptionChecker.check(history.load(), damaged, damaged);
  }

  private static boolean is(ReadRecord record, String topic) {
    return record.topic().equals(topic);
  }

  private int find(Predicate<ReadRecord> wanted) {
    return history.find(MIDDLE, wanted);
  }

  private void change(int index, UnaryOperator<NewStateNotification> change) {
    NewStateNotification message = ((ReadRecord.Notice) damaged.get(index).value()).message();
    damaged.set(
        index,
        PerfectHistory.saying(damaged.get(index), new ReadRecord.Notice(change.apply(message))));
  }

  @Test
  void findsNothingWhereNothingWasLost() {
    assertThat(report().findings()).isEmpty();
  }

  @Test
  void findsNothingWhereAStateWithoutARunWasNeverTold() {
    damaged.removeIf(record -> is(record, "aliecs.env_leave_state.DEPLOYED"));
    damaged.removeIf(record -> is(record, "aliecs.env_state.DEPLOYED"));
    assertThat(report().findings()).isEmpty();
  }

  @Test
  void findsNothingWhereDetailsWereNotKnown() {
    int index = find(record -> is(record, "aliecs.env_leave_state.RUNNING"));
    change(
        index,
        message -> {
          NewStateNotification.Builder bare = message.toBuilder();
          bare.getEnvInfoBuilder().clearDetectors().clearRunType();
          return bare.build();
        });
    assertThat(report().findings()).isEmpty();
  }

  @Test
  void findsNothingWhereAnExitWasToldAsAnyEndAndSomethingWhereNothingHasEnded() {
    ExpectedChange exit =
        history.changes.stream()
            .filter(change -> change.published() && change.messages().isEmpty())
            .findFirst()
            .orElseThrow();
    int last = history.find(0, record -> record.time() == exit.timestamp());
    NewStateNotification.Builder gone =
        NewStateNotification.newBuilder().setTimestamp(exit.timestamp());
    gone.getEnvInfoBuilder().setEnvironmentId(exit.environmentId()).setState("UNKNOWN");
    ReadRecord told =
        PerfectHistory.told(damaged.get(last), "aliecs.env_state.UNKNOWN", 1_000_000, gone.build());
    damaged.add(told);
    assertThat(report().findings()).isEmpty();

    gone.setTimestamp(exit.timestamp() - 1);
    damaged.set(
        damaged.size() - 1, PerfectHistory.saying(told, new ReadRecord.Notice(gone.build())));
    assertThat(report().count(Kind.INVENTED)).isPositive();
  }

  @Test
  void findsARunWhoseEndIsMissing() {
    damaged.remove(find(record -> is(record, "aliecs.env_leave_state.RUNNING")));
    assertThat(report().count(Kind.LOST)).isPositive();
  }

  @Test
  void findsARunWhoseStartIsMissing() {
    damaged.remove(find(record -> is(record, "aliecs.env_state.RUNNING")));
    assertThat(report().count(Kind.LOST)).isPositive();
    assertThat(report().count(Kind.LIST)).isPositive();
  }

  @Test
  void findsARunThatWasNotAnnounced() {
    int start = find(record -> is(record, "aliecs.env_state.RUNNING"));
    String id = damaged.get(start).subject();
    int announced = 0;
    for (int i = 0; i < start; i++) {
      ReadRecord record = damaged.get(i);
      boolean ofIt = record.subject().equals(id) && is(record, "aliecs.before_start_activity");
      announced = ofIt ? i : announced;
    }
    damaged.remove(announced);
    assertThat(report().count(Kind.LOST)).isPositive();
  }

  @Test
  void findsAnEnvironmentThatIsGoneAndWasNeverToldToBe() {
    damaged.remove(find(record -> is(record, "aliecs.env_state.UNKNOWN")));
    assertThat(report().count(Kind.LOST)).isPositive();
  }

  @Test
  void findsAnotherRun() {
    int index = find(record -> is(record, "aliecs.env_state.RUNNING"));
    change(
        index,
        message -> {
          NewStateNotification.Builder other = message.toBuilder();
          other.getEnvInfoBuilder().setRunNumber(4_000_000);
          return other.build();
        });
    assertThat(report().count(Kind.INVENTED)).isPositive();
  }

  @Test
  void findsDetectorsThatAreNotItsOwn() {
    int index = find(record -> is(record, "aliecs.env_state.RUNNING"));
    change(
        index,
        message -> {
          NewStateNotification.Builder other = message.toBuilder();
          other.getEnvInfoBuilder().addDetectors("NONE");
          return other.build();
        });
    assertThat(report().count(Kind.INVENTED)).isPositive();
  }

  @Test
  void findsWhatIsToldBeforeItHappened() {
    int index = find(record -> is(record, "aliecs.env_state.CONFIGURED"));
    change(index, message -> message.toBuilder().setTimestamp(1_000).build());
    assertThat(report().count(Kind.INVENTED)).isPositive();
  }

  @Test
  void findsAMessageThatIsThereAgain() {
    ReadRecord record = damaged.get(find(found -> is(found, "aliecs.env_state.RUNNING")));
    damaged.add(PerfectHistory.at(record, 1_000_000, record.id(), record.sequence(), 1));
    assertThat(report().count(Kind.DOUBLED)).isPositive();
  }

  @Test
  void findsMessagesThatHaveChangedPlaces() {
    int one = find(record -> is(record, "aliecs.env_state.RUNNING"));
    ReadRecord a = damaged.get(one);
    int two = history.find(one + 1, record -> is(record, a.topic()));
    ReadRecord b = damaged.get(two);
    damaged.set(one, PerfectHistory.at(a, b.offset(), a.id(), a.sequence(), 1));
    damaged.set(two, PerfectHistory.at(b, a.offset(), b.id(), b.sequence(), 1));
    assertThat(report().count(Kind.REORDERED)).isPositive();
  }

  @Test
  void findsAnEnvironmentThatMustNotBePublished() {
    String id = damaged.get(find(record -> is(record, "aliecs.env_state.RUNNING"))).subject();
    List<ExpectedChange> secret =
        history.changes.stream()
            .map(
                change ->
                    new ExpectedChange(
                        change.order(),
                        change.environmentId(),
                        change.timestamp(),
                        change.published() && !change.environmentId().equals(id),
                        change.messages(),
                        change.listed(),
                        change.run()))
            .toList();
    CheckResult report =
        AdoptionChecker.check(new ExpectedLoad(secret, List.of(), false), damaged, damaged);
    assertThat(report.count(Kind.GHOST)).isPositive();
  }

  @Test
  void findsAListThatHasARunThatIsOverAndOneThatLacksARun() {
    int index = find(record -> runs(record).getActiveRunsCount() > 1);
    ActiveRunsList list = runs(damaged.get(index));
    say(index, list.toBuilder().removeActiveRuns(0).build());
    assertThat(report().count(Kind.LIST)).isPositive();

    damaged.set(index, history.records.get(index));
    say(0, runs(damaged.get(0)).toBuilder().addActiveRuns(list.getActiveRuns(0)).build());
    assertThat(report().count(Kind.LIST)).isPositive();
  }

  @Test
  void findsAListInAnotherOrderOrOfAnEarlierTime() {
    int index = find(record -> runs(record).getActiveRunsCount() > 1);
    ActiveRunsList list = runs(damaged.get(index));
    say(
        index,
        list.toBuilder()
            .setActiveRuns(0, list.getActiveRuns(1))
            .setActiveRuns(1, list.getActiveRuns(0))
            .build());
    assertThat(report().count(Kind.LIST)).isPositive();

    say(index, list.toBuilder().setTimestamp(1_000).build());
    assertThat(report().count(Kind.LIST)).isPositive();
  }

  private static ActiveRunsList runs(ReadRecord record) {
    return record.value() instanceof ReadRecord.Runs runs
        ? runs.message()
        : ActiveRunsList.getDefaultInstance();
  }

  private void say(int index, ActiveRunsList list) {
    damaged.set(index, PerfectHistory.saying(damaged.get(index), new ReadRecord.Runs(list)));
  }

  @Test
  void findsALastListThatIsNotWhatTheCoreHas() {
    String id = damaged.get(find(record -> is(record, "aliecs.env_state.RUNNING"))).subject();
    damaged.removeIf(record -> record.subject().equals(id));
    assertThat(report().findings()).isNotEmpty();
  }
}
