package io.aliecs.relay.launcher.simulate;

import java.util.List;

/**
 * What an environment is created with.
 *
 * @param environmentId 11 characters in AliECS, any text here
 * @param detectors names as in {@code ITS}, in the order AliECS has them
 * @param runType for example {@code PHYSICS}
 * @param kafkaEnabled its variable {@code kafka_enabled}: whether it is published
 */
public record EnvironmentSetup(
    String environmentId, List<String> detectors, String runType, boolean kafkaEnabled) {

  public EnvironmentSetup {
    detectors = List.copyOf(detectors);
  }
}
