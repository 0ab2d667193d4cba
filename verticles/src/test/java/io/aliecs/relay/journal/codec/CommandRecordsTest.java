package io.aliecs.relay.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.proto.journal.CommandRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Each kind of command is written, read and applied. */
class CommandRecordsTest {
  @Test
  void thereIsASampleOfEachKind() {
    List<Class<?>> kinds = new ArrayList<>();
    CommandSamples.all().forEach(command -> kinds.add(command.getClass()));
    assertThat(kinds).containsExactlyInAnyOrder(Command.class.getPermittedSubclasses());
  }

  @Test
  void eachComesBackAsItWasWritten() throws Exception {
    for (Command command : CommandSamples.all()) {
      CommandRecord record = CommandRecord.parseFrom(CommandRecords.write(command).toByteArray());
      assertThat(CommandRecords.read(record)).isEqualTo(command);
      assertThat(CommandRecords.version(record)).isBetween(1, EntryReader.VERSION);
    }
  }

  @Test
  void eachHasAPlaceOfItsOwnInTheRecord() {
    Set<Integer> places =
        CommandSamples.all().stream()
            .map(command -> CommandRecords.write(command).getCommandCase().getNumber())
            .collect(Collectors.toSet());
    assertThat(places)
        .hasSameElementsAs(
            CommandRecord.getDescriptor().getFields().stream()
                .map(FieldDescriptor::getNumber)
                .toList());
  }

  @Test
  void eachCanBeAppliedWhateverThereIs() {
    RelayState state = RelayState.EMPTY;
    for (Command command : CommandSamples.all()) {
      state = state.apply(command).state();
      assertThat(StateRecords.read(StateRecords.write(state))).isEqualTo(state);
    }
  }
}
