package io.aliecs.relay.ingest.mapping;

import io.aliecs.relay.settings.Requirement;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The workflows whose environments are published.
 *
 * @param names their names, one or more; {@code *} stands for every workflow
 */
public record Workflows(Set<String> names) {
  /** The workflow that takes data. */
  public static final Workflows USUAL = new Workflows(Set.of("readout-dataflow"));

  private static final String EVERY = "*";

  public Workflows {
    names = Set.copyOf(names);
    Requirement.that(
        !names.isEmpty() && names.stream().noneMatch(String::isBlank),
        "ingest.workflows",
        names,
        "one or more names, or *");
  }

  /** Reads names that have commas between them. */
  public static Workflows of(String text) {
    return new Workflows(
        Arrays.stream(text.split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Whether environments of that workflow are published. */
  public boolean mean(String workflow) {
    return names.contains(EVERY) || names.contains(workflow);
  }
}
