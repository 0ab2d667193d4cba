package io.aliecs.relay.lab.dev;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The settings document of AliECS as {@code dev} needs it: naming its own broker. Pure. */
final class DevSettings {
  private static final String ENDPOINT = "kafkaEndpoint";
  private static final String ENDPOINTS = "kafkaEndpoints";
  private static final String ABOUT =
      "# As AliECS has it; take kafka out of the list and put it back while data is being taken.\n";

  private DevSettings() {}

  /** A first document, with publishing on. */
  static String of(String broker) {
    return ABOUT + ENDPOINTS + ":\n  - \"" + broker + "\"\nintegrationPlugins:\n  - kafka\n";
  }

  /**
   * What to write over a document; empty when it names the broker.
   *
   * @return the same with this broker alone; a first document in place of one that cannot be read
   */
  static Optional<String> naming(String broker, String document) {
    if (!(parsed(document) instanceof Map<?, ?> found)) {
      return Optional.of(of(broker));
    }
    if (names(broker, found)) {
      return Optional.empty();
    }
    Map<Object, @Nullable Object> renamed = new LinkedHashMap<>(found);
    renamed.remove(ENDPOINT);
    renamed.put(ENDPOINTS, List.of(broker));
    DumpSettings style = DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
    return Optional.of(ABOUT + new Dump(style).dumpToString(renamed));
  }

  private static @Nullable Object parsed(String document) {
    try {
      return new Load(LoadSettings.builder().build()).loadFromString(document);
    } catch (YamlEngineException broken) {
      return null;
    }
  }

  /** Whether messages go to the broker and the stream is read from it. */
  private static boolean names(String broker, Map<?, ?> document) {
    Object one = document.get(ENDPOINT);
    if (document.get(ENDPOINTS) instanceof List<?> many && !many.isEmpty()) {
      return many.contains(broker) && (one == null || one.equals(broker));
    }
    return broker.equals(one);
  }
}
