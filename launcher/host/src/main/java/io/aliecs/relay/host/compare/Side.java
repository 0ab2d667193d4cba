package io.aliecs.relay.host.compare;

import java.util.Locale;

/** Who has published a message. */
enum Side {
  PLUGIN,
  RELAY;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
