package io.aliecs.relay.cluster;

import io.vertx.core.spi.cluster.RegistrationInfo;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What this member itself consumes, on all hosts or on its own only. Thread safe. */
final class OwnConsumers {
  private final Map<String, Set<RegistrationInfo>> byAddress = new HashMap<>();

  synchronized void add(String address, RegistrationInfo consumer) {
    byAddress.computeIfAbsent(address, none -> new LinkedHashSet<>()).add(consumer);
  }

  synchronized void remove(String address, RegistrationInfo consumer) {
    byAddress.computeIfPresent(
        address,
        (same, consumers) -> {
          consumers.remove(consumer);
          return consumers.isEmpty() ? null : consumers;
        });
  }

  synchronized List<RegistrationInfo> of(String address) {
    return List.copyOf(byAddress.getOrDefault(address, Set.of()));
  }

  /** The addresses that other hosts may send to. */
  synchronized Set<String> announced() {
    Set<String> announced = new TreeSet<>();
    byAddress.forEach(
        (address, consumers) -> {
          if (consumers.stream().anyMatch(consumer -> !consumer.localOnly())) {
            announced.add(address);
          }
        });
    return announced;
  }
}
