package io.aliecs.relay.lab.simulate.events;

import java.util.List;

/**
 * What an environment is created with.
 *
 * @param environmentId 11 characters in AliECS, any text here
 * @param detectors names as in {@code ITS}, in the order AliECS has them
 * @param runType for example {@code PHYSICS}
 * @param kafkaEnabled its variable {@code kafka_enabled}: whether it is published
 * @param workflow name of its workflow
 */
public record EnvironmentSetup(
    String environmentId,
    List<String> detectors,
    String runType,
    boolean kafkaEnabled,
    String workflow) {

  /** The workflow that takes data. */
  public static final String DATA_TAKING = "readout-dataflow";

  public EnvironmentSetup {
    detectors = List.copyOf(detectors);
  }

  /** With the workflow that takes data. */
  public EnvironmentSetup(
      String environmentId, List<String> detectors, String runType, boolean kafkaEnabled) {
    this(environmentId, detectors, runType, kafkaEnabled, DATA_TAKING);
  }
}
