package io.aliecs.relay.config.document;

import io.aliecs.relay.text.Quoted;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The default for new environments, as the key {@code kafka_enabled} has it.
 *
 * @param on true only for exactly {@code true}
 * @param surprise a sentence with what was found and what is expected, when the value is neither
 *     {@code true} nor {@code false} and so probably not what its author meant
 */
public record KafkaEnabledText(boolean on, Optional<String> surprise) {

  private static final String EXPECTED =
      " (expected: exactly true or false; anything but true means false)";

  /** Judges the bytes of a value; pure and total. */
  public static KafkaEnabledText parse(byte[] bytes) {
    if (bytes.length > SettingsDocument.LARGEST) {
      return off(bytes.length + " bytes");
    }
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return off("bytes that are no UTF-8 text");
    }
    return switch (text) {
      case "true" -> new KafkaEnabledText(true, Optional.empty());
      case "false" -> new KafkaEnabledText(false, Optional.empty());
      case "" -> off("no text");
      default -> off(Quoted.of(text));
    };
  }

  private static KafkaEnabledText off(String found) {
    return new KafkaEnabledText(false, Optional.of("found " + found + EXPECTED));
  }
}
