package io.aliecs.relay.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.EventMessages;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.proto.control.GetEnvironmentsReply;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.proto.journal.CommandRecord;
import io.aliecs.relay.proto.journal.EnvironmentEventRecord;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Whatever is written to a disk or a wire by its name or number keeps both: other versions, readers
 * and AliECS know them. What is new is added to the file of names; what is there stays as it is.
 */
class PinnedNamesTest {
  private static final Path PINNED =
      Path.of("src", "test", "resources", "names-on-disk-and-wire.txt");
  private static final Path NOW = Path.of("target", "names-on-disk-and-wire.txt");

  private final List<String> names = new ArrayList<>();

  @Test
  void namesAndNumbersOnDiskAndWireAreThoseThatArePinned() throws Exception {
    names.add("format " + EntryReader.VERSION + ", rules " + Rules.CURRENT);
    constants(EventType.values());
    constants(Transition.values());
    constants(State.values());
    constants(Verdict.values());
    constants(EndCause.values());
    for (FailureCode code : FailureCode.values()) {
      names.add("FailureCode " + code.code() + " " + code);
    }
    names.add("version of messages " + EventMessages.VERSION + ": " + jsonFields());
    topics().forEach(topic -> names.add("topic " + topic));
    names.add("address " + BusAddresses.ENVIRONMENT_TRANSITION);
    commands();
    file(CommandRecord.getDescriptor().getFile());
    file(NewStateNotification.getDescriptor().getFile());
    file(Event.getDescriptor().getFile());
    file(GetEnvironmentsReply.getDescriptor().getFile());

    Files.writeString(NOW, String.join("\n", names) + "\n", StandardCharsets.UTF_8);
    assertThat(NOW)
        .as("what is new is added by: cp verticles/%s verticles/%s", NOW, PINNED)
        .hasSameTextualContentAs(PINNED);
  }

  private void constants(Enum<?>[] constants) {
    String all = Arrays.stream(constants).map(Enum::name).collect(Collectors.joining(" "));
    names.add(constants[0].getDeclaringClass().getSimpleName() + ": " + all);
  }

  private static String jsonFields() {
    return EnvironmentEventRecord.getDescriptor().getFields().stream()
        .map(FieldDescriptor::getJsonName)
        .filter(name -> EventMessages.unknownFields(new JsonObject().put(name, 1)).isEmpty())
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private static List<String> topics() {
    List<String> topics = new ArrayList<>(Topics.perEnvironment());
    topics.addAll(List.of(Topics.AFTER_START, Topics.ACTIVE_RUNS));
    return topics;
  }

  private void commands() {
    for (Command command : CommandSamples.all()) {
      CommandRecord record = CommandRecords.write(command);
      names.add(
          "command "
              + command.getClass().getSimpleName()
              + ": "
              + record.getCommandCase().getNumber()
              + ", since format "
              + CommandRecords.version(record));
    }
  }

  private void file(FileDescriptor file) {
    names.add("file " + file.getName() + ", package " + file.getPackage());
    file.getMessageTypes().forEach(this::message);
    file.getEnumTypes().forEach(this::constants);
  }

  private void message(Descriptor message) {
    if (message.getOptions().getMapEntry()) {
      return; // it is in the type of its field
    }
    names.add("message " + message.getFullName());
    message.getFields().forEach(field -> names.add("  " + shown(field)));
    message.getNestedTypes().forEach(this::message);
    message.getEnumTypes().forEach(this::constants);
  }

  private void constants(EnumDescriptor type) {
    names.add("enum " + type.getFullName());
    type.getValues().forEach(value -> names.add("  " + value.getNumber() + " " + value.getName()));
  }

  private static String shown(FieldDescriptor field) {
    String label = "";
    if (field.isRepeated() && !field.isMapField()) {
      label = "repeated ";
    } else if (field.toProto().getProto3Optional()) {
      label = "optional ";
    } else if (field.getRealContainingOneof() != null) {
      label = "oneof " + field.getRealContainingOneof().getName() + " ";
    }
    return field.getNumber() + " " + label + type(field) + " " + field.getName();
  }

  private static String type(FieldDescriptor field) {
    if (field.isMapField()) {
      return field.getMessageType().getFields().stream()
          .map(PinnedNamesTest::type)
          .collect(Collectors.joining(", ", "map<", ">"));
    }
    return switch (field.getJavaType()) {
      case MESSAGE -> field.getMessageType().getFullName();
      case ENUM -> field.getEnumType().getFullName();
      default ->
          field
              .toProto()
              .getType()
              .name()
              .substring("TYPE_".length())
              .toLowerCase(java.util.Locale.ROOT);
    };
  }
}
