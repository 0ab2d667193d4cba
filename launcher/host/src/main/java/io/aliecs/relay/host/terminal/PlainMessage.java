package io.aliecs.relay.host.terminal;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** The message of a log line, with nothing in it that moves the cursor or turns the writing. */
public final class PlainMessage extends MessageConverter {
  @Override
  public String convert(ILoggingEvent event) {
    return TerminalText.plain(super.convert(event));
  }
}
