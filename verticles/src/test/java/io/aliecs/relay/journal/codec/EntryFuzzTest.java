package io.aliecs.relay.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.proto.journal.Batch;
import io.aliecs.relay.proto.journal.StateRecord;
import io.aliecs.relay.text.Printable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.Size;

/**
 * Whatever bytes are to be an entry of the journal: they are refused with a sentence, or can be
 * applied, and the state after them can be kept.
 */
@Tag("slow")
class EntryFuzzTest {
  private static final SourcePartition PARTITION = new SourcePartition("aliecs.environment", 0);
  private static final PublishingSettings ON =
      new PublishingSettings(true, List.of("a:1"), true, 3, 4, List.of("c:3"), true);

  /** One of each kind. */
  private static final List<Command> COMMANDS =
      List.of(
          new Command.JournalCreated("journal"),
          new Command.SettingsChanged(ON, 5),
          new Command.SourceJoined(Map.of(PARTITION, 5L)),
          new Command.SourceMoved(Map.of(PARTITION, 0L), Map.of(PARTITION, "its topic")),
          new Command.PublishingStarted("", 40, 6, Set.of(), List.of("a:1", "b:2"), 8),
          new Command.Delivered(3),
          new Command.Parked(
              List.of(new Command.Refusal(1, "aliecs.env_list.RUNNING", "too large", false)), 9),
          new Command.Resent(List.of(new ParkedMessage.Key(1, "aliecs.env_state.STANDBY")), 10),
          new Command.HistoryLimited(1, 5_000),
          event(EventType.CREATED, null),
          event(EventType.ENTERED, Transition.DEPLOY),
          event(EventType.ENTERED, Transition.CONFIGURE),
          event(EventType.ENTERED, Transition.START_ACTIVITY),
          event(EventType.DESTROYED, null));

  private static final RelayState BUSY = busy();

  private static Command event(EventType type, Transition transition) {
    return EnvironmentEvent.builder("2rRwFAqBXfd", type, 1_700_000_000_000L)
        .eventId(type + " " + transition)
        .transition(transition)
        .runNumber(transition == Transition.START_ACTIVITY ? 7L : null)
        .runType("PHYSICS")
        .detectors(List.of("ITS", "TPC"))
        .observed(true)
        .source(new SourcePosition(PARTITION, 7))
        .build();
  }

  private static RelayState busy() {
    RelayState state = RelayState.EMPTY;
    for (Command command : COMMANDS.subList(0, COMMANDS.size() - 1)) {
      state = state.apply(command).state();
    }
    return state;
  }

  private static byte[] entry(Command command) {
    return Batch.newBuilder()
        .setVersion(EntryReader.VERSION)
        .setRules(Rules.CURRENT)
        .addCommand(CommandRecords.write(command))
        .build()
        .toByteArray();
  }

  private static byte[] seed(int pick) {
    return entry(COMMANDS.get(Math.floorMod(pick, COMMANDS.size())));
  }

  @Example
  void everyKindIsAppliedAsItIs() {
    for (Command command : COMMANDS) {
      assertThat(isApplied(entry(command))).as(command.toString()).isTrue();
    }
  }

  @Property(tries = 3_000)
  void anyBytes(@ForAll @Size(max = 300) byte[] bytes) {
    isApplied(bytes);
  }

  @Property(tries = 3_000)
  void anyEntryThatIsCut(@ForAll int pick, @ForAll int length) {
    byte[] whole = seed(pick);
    isApplied(Arrays.copyOf(whole, Math.floorMod(length, whole.length)));
  }

  @Property(tries = 10_000)
  void anyEntryThatIsMutated(
      @ForAll int pick, @ForAll @Size(min = 1, max = 4) List<Integer> at, @ForAll int with) {
    byte[] entry = seed(pick);
    for (int place : at) {
      entry[Math.floorMod(place, entry.length)] = (byte) (with + place);
    }
    isApplied(entry);
  }

  @Property(tries = 3_000)
  void anyTwoEntriesThatAreGlued(@ForAll int first, @ForAll int second, @ForAll int cut) {
    byte[] one = seed(first);
    byte[] other = seed(second);
    int keep = Math.floorMod(cut, one.length);
    byte[] glued = Arrays.copyOf(one, keep + other.length);
    System.arraycopy(other, 0, glued, keep, other.length);
    isApplied(glued);
  }

  private static boolean isApplied(byte[] bytes) {
    EntryReader.Entry entry;
    try {
      entry = EntryReader.read(ByteBuffer.wrap(bytes));
    } catch (IllegalArgumentException | EntryReader.NewerEntryException e) {
      String shown = Printable.text(String.valueOf(e.getMessage()));
      assertThat(shown).hasSizeBetween(1, 301);
      assertThat(shown.codePoints().allMatch(Printable::isHarmless)).isTrue();
      return false;
    }
    for (RelayState before : List.of(RelayState.EMPTY, BUSY)) {
      RelayState state = before;
      for (Command command : entry.commands()) {
        state = state.apply(command, entry.rules()).state();
      }
      assertThat(StateRecords.read(kept(state))).isEqualTo(state);
    }
    return true;
  }

  private static StateRecord kept(RelayState state) {
    try {
      return StateRecord.parseFrom(StateRecords.write(state).toByteArray());
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
