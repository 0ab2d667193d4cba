package io.aliecs.relay.host.compare;

/**
 * What one side publishes, and the other one does not.
 *
 * @param statement what is published; of two that are meant to be the same, the plugin's
 * @param kind how they differ
 * @param detail for people: what is found, and what the relay publishes instead; empty where the
 *     kind says all
 */
record Difference(Kind kind, Statement statement, String detail) {
  enum Kind {
    /** The relay has no such message within the patience. */
    ONLY_PLUGIN("only plugin", "only of the plugin"),
    /** The plugin has no such message within the patience. */
    ONLY_RELAY("only relay", "only of the relay"),
    /** Both have it, with other content. */
    CONTENT("differs", "with other content"),
    /** Two messages of an environment come the other way round. */
    ORDER("order", "in another order"),
    /** A record of one side cannot be decoded. */
    BROKEN("broken", "that cannot be decoded"),
    /** The plugin has no such message, and never has. */
    RELAY_ANNOUNCES(Kind.AS_MEANT, "STANDBY announced (as meant)"),
    /** The plugin publishes an end of run twice. */
    PLUGIN_REPEATS(Kind.AS_MEANT, "repeated by the plugin (as meant)");

    private static final String AS_MEANT = "as meant";

    private final String text;
    private final String counted;

    Kind(String text, String counted) {
      this.text = text;
      this.counted = counted;
    }

    /** What one is called. */
    String text() {
      return text;
    }

    /** What several are called, behind their number. */
    String counted() {
      return counted;
    }

    /** Whether the sides are not alike for it. */
    boolean counts() {
      return !text.equals(AS_MEANT);
    }
  }
}
