package io.aliecs.relay.ingest.mapping;

import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import java.util.List;

/** What a record of AliECS's stream means to the relay. Immutable. */
public sealed interface MappingResult {

  /**
   * Something happened to an environment.
   *
   * @param event observed, with its source
   * @param warnings parts that were left out because they could not be read, usually none
   */
  record Event(EnvironmentEvent event, List<Warning> warnings) implements MappingResult {
    public Event {
      warnings = List.copyOf(warnings);
    }
  }

  /** A core of AliECS has started. */
  record CoreStart(Command.CoreStarted command) implements MappingResult {}

  /** A good record with nothing to follow. */
  record Skipped(SkipReason reason) implements MappingResult {}

  /**
   * Not a record that AliECS would write.
   *
   * @param reason what was found and what was expected, in one printable line of bounded length
   */
  record Malformed(String reason) implements MappingResult {}

  /**
   * A part of an event that could not be read.
   *
   * @param field which one
   * @param reason what was found and what was expected, in one printable line of bounded length
   */
  record Warning(String field, String reason) {}
}
