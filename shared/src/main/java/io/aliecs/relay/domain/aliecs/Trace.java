package io.aliecs.relay.domain.aliecs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The trace of what one event does to one environment, on whichever host. Its ids are made of that
 * of the event, so that nothing has to be carried from where it is read to where it is published.
 *
 * @param id 32 hexadecimal digits
 * @param eventSpan 16 hexadecimal digits, of the span from the event to its being safe
 * @param publishSpan likewise, of the one from there to its messages being in Kafka
 */
public record Trace(String id, String eventSpan, String publishSpan) {
  private static final int ID_BYTES = 16;
  private static final int SPAN_BYTES = 8;

  /** Of an event of that id, for that environment. */
  public static Trace of(String eventId, String environmentId) {
    String about = eventId + "\n" + environmentId;
    return new Trace(
        hash(eventId, ID_BYTES),
        hash("event\n" + about, SPAN_BYTES),
        hash("publish\n" + about, SPAN_BYTES));
  }

  /** The value of the header {@code traceparent} of its messages, as W3C defines it. */
  public String parent() {
    return "00-" + id + "-" + publishSpan + "-01";
  }

  /** The first bytes of the SHA-256 of a text, in hexadecimal. */
  public static String hash(String text, int bytes) {
    try {
      byte[] all = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(all, 0, bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("no SHA-256 (expected: every JVM has it)", e);
    }
  }
}
