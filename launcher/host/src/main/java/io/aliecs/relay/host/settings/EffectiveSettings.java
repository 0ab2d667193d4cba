package io.aliecs.relay.host.settings;

import io.aliecs.relay.settings.EffectiveSetting;
import io.aliecs.relay.settings.KafkaClientProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Lists the settings in force. Pure. */
final class EffectiveSettings {
  /** Properties of Kafka clients that hold no secret; what is not known here may. */
  private static final Set<String> OPEN =
      Set.of(
          "client.dns.lookup",
          "client.rack",
          "sasl.mechanism",
          "security.protocol",
          "ssl.enabled.protocols",
          "ssl.endpoint.identification.algorithm",
          "ssl.keystore.location",
          "ssl.keystore.type",
          "ssl.protocol",
          "ssl.truststore.location",
          "ssl.truststore.type");

  private static final List<String> CONSUL =
      List.of(
          "CONSUL_HTTP_ADDR",
          "CONSUL_HTTP_SSL",
          "CONSUL_HTTP_TOKEN",
          "CONSUL_HTTP_TOKEN_FILE",
          "CONSUL_CACERT",
          "CONSUL_CLIENT_CERT",
          "CONSUL_CLIENT_KEY");

  private EffectiveSettings() {}

  /** All of the catalog in its order, what goes to Kafka clients by name, what Consul's are. */
  static List<EffectiveSetting> of(SettingSources sources, Map<String, String> environment) {
    List<EffectiveSetting> all = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      all.add(new EffectiveSetting(setting.key(), sources.text(setting), sources.origin(setting)));
    }
    new TreeMap<>(sources.kafkaClient().asGiven())
        .forEach(
            (property, value) -> {
              String name = KafkaClientProperties.PREFIX + property;
              String shown = isOpen(property) ? value : EffectiveSetting.MASK;
              all.add(new EffectiveSetting(name, shown, sources.origin(name)));
            });
    for (String variable : CONSUL) {
      String value = environment.get(variable);
      if (value != null && !value.isEmpty()) {
        String shown = variable.equals("CONSUL_HTTP_TOKEN") ? EffectiveSetting.MASK : value;
        all.add(new EffectiveSetting(variable, shown, "environment"));
      }
    }
    return List.copyOf(all);
  }

  static boolean isSecret(String setting) {
    String prefix = KafkaClientProperties.PREFIX;
    return setting.startsWith(prefix) && !isOpen(setting.substring(prefix.length()));
  }

  /** Whether it may be shown: it is known to hold no secret, or is the path of a file. */
  private static boolean isOpen(String property) {
    return OPEN.contains(property) || property.endsWith(KafkaClientProperties.FILE);
  }
}
