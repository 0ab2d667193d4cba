package io.aliecs.relay.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is passed to every Kafka client as it is. A property whose name ends in {@value #FILE} has
 * the path of a file that holds the value: the file is read whenever a client is made, so that a
 * new password is in force without a restart. Immutable.
 *
 * @param asGiven the properties by name, without the prefix of the settings
 */
public record KafkaClientProperties(Map<String, String> asGiven) {
  /** What follows this prefix is passed to every Kafka client as it is. */
  public static final String PREFIX = "kafka.client.";

  /** Ends the name of a property whose value is in a file, as in {@code sasl.jaas.config-file}. */
  public static final String FILE = "-file";

  private static final Pattern USER = Pattern.compile("\\busername\\s*=\\s*[\"']?([^\"';\\s]+)");

  public KafkaClientProperties {
    asGiven = Map.copyOf(asGiven);
    for (String name : asGiven.keySet()) {
      String plain = withoutSuffix(name);
      Requirement.that(
          plain.equals(name) || !asGiven.containsKey(plain),
          PREFIX + name,
          "set beside " + PREFIX + plain,
          "one of the two");
    }
  }

  /**
   * The properties for a client that is made now. Reads files: not for event loops.
   *
   * @throws IllegalArgumentException naming the setting whose file cannot be read or is empty
   */
  public Map<String, String> resolve() {
    Map<String, String> resolved = new TreeMap<>();
    asGiven.forEach(
        (name, value) ->
            resolved.put(
                withoutSuffix(name), name.equals(withoutSuffix(name)) ? value : read(name, value)));
    return resolved;
  }

  /**
   * Whom a broker takes this client for, as far as the properties show. Reads files like {@link
   * #resolve}; an unreadable one is not reported here.
   */
  public String principal() {
    Map<String, String> properties;
    try {
      properties = resolve();
    } catch (IllegalArgumentException unreadable) {
      properties = asGiven;
    }
    Matcher user = USER.matcher(properties.getOrDefault("sasl.jaas.config", ""));
    if (user.find()) {
      return "user " + user.group(1);
    }
    String certificate = properties.get("ssl.keystore.location");
    return certificate == null
        ? "this client, without a name (security.protocol "
            + properties.getOrDefault("security.protocol", "PLAINTEXT")
            + ")"
        : "the certificate in " + certificate;
  }

  private static String withoutSuffix(String name) {
    return name.endsWith(FILE) ? name.substring(0, name.length() - FILE.length()) : name;
  }

  private static String read(String name, String file) {
    String setting = PREFIX + name;
    String content;
    try {
      content = Files.readString(Path.of(file)).strip();
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new IllegalArgumentException(
          setting + ": " + file + " cannot be read: " + unreadable + " (expected: the value)",
          unreadable);
    }
    Requirement.that(!content.isEmpty(), setting, file + " is empty", "the value");
    return content;
  }

  /** The names alone: values may be secrets. */
  @Override
  public String toString() {
    return "KafkaClientProperties" + new TreeMap<>(asGiven).keySet();
  }
}
