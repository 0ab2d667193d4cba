package io.aliecs.relay.settings;

/**
 * A setting as it is in force on this host, for people to look at.
 *
 * @param name as in the settings file, or a variable of Consul's own tools
 * @param value as text; {@value #MASK} in place of what may be a secret
 * @param origin where it came from: {@code default}, the settings file, a variable of the
 *     environment, {@code command line}
 */
public record EffectiveSetting(String name, String value, String origin) {
  /** Stands for a value that is not shown. */
  public static final String MASK = "(not shown)";

  /** The origin of what nobody has set. */
  public static final String DEFAULT = "default";
}
