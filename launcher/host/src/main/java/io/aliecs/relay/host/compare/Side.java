package io.aliecs.relay.host.compare;

/** Who has published a message. */
enum Side {
  PLUGIN("plugin"),
  RELAY("relay");

  private final String text;

  Side(String text) {
    this.text = text;
  }

  /** Its name, for people and programs. */
  String text() {
    return text;
  }
}
