package io.aliecs.relay.reconcile;

import io.aliecs.relay.bus.status.CoreEnvironments;
import io.aliecs.relay.proto.control.EnvironmentInfo;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which environments AliECS's core has.
 *
 * @param environments by id
 * @param asOf what happened up to then is in the answer, by the core's clock, ms since epoch
 * @param timestamp when the answer was complete, by the core's clock, ms since epoch
 */
record CoreAnswer(Map<String, EnvironmentInfo> environments, long asOf, long timestamp) {
  CoreAnswer {
    environments = Map.copyOf(environments);
  }

  /**
   * An answer.
   *
   * @param timestamp as the core has it, 0 when it has none
   * @param askedAt by the clock of this host, ms since epoch
   * @param answeredAt likewise
   */
  static CoreAnswer of(
      List<EnvironmentInfo> environments, long timestamp, long askedAt, long answeredAt) {
    long complete = timestamp > 0 ? timestamp : answeredAt;
    Map<String, EnvironmentInfo> byId =
        environments.stream()
            .collect(
                Collectors.toMap(
                    EnvironmentInfo::getId, Function.identity(), (first, same) -> first));
    // The core has looked after it was asked: at the earliest so long before it was done.
    return new CoreAnswer(byId, complete - Math.max(0, answeredAt - askedAt), complete);
  }

  CoreEnvironments summary() {
    long newest =
        environments.values().stream().mapToLong(EnvironmentInfo::getCreatedWhen).max().orElse(0);
    return new CoreEnvironments(environments.size(), newest);
  }

  /** A variable of the environment's workflow, empty when it has none. */
  static String variable(EnvironmentInfo environment, String name) {
    return List.of(
            environment.getUserVarsMap(), environment.getVarsMap(), environment.getDefaultsMap())
        .stream()
        .map(variables -> variables.get(name))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }
}
