package io.aliecs.relay.host.compare;

/**
 * What one side says, and the other one does not.
 *
 * @param statement what is said; of two that are meant to be the same, the plugin's
 * @param kind how they differ
 * @param detail for people: what is found, and what the relay says instead; empty where the kind
 *     says all
 */
record Difference(Kind kind, Statement statement, String detail) {
  /** How two sides differ. */
  enum Kind {
    /** The relay has no such message within the patience. */
    ONLY_PLUGIN("only plugin", true),
    /** The plugin has no such message within the patience. */
    ONLY_RELAY("only relay", true),
    /** Both have it, with other content. */
    CONTENT("differs", true),
    /** Two messages of an environment come the other way round. */
    ORDER("order", true),
    /** A record of one side cannot be decoded. */
    BROKEN("broken", true),
    /** The plugin has no such message, and never has. */
    RELAY_ANNOUNCES("as meant", false),
    /** The plugin says an end of run twice. */
    PLUGIN_REPEATS("as meant", false);

    private final String text;
    private final boolean counts;

    Kind(String text, boolean counts) {
      this.text = text;
      this.counts = counts;
    }

    /** For people and programs. */
    String text() {
      return text;
    }

    /** Whether the sides are not alike for it. */
    boolean counts() {
      return counts;
    }
  }
}
