package io.aliecs.relay.config.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaEnabledTextTest {

  private static final String EXPECTED =
      " (expected: exactly true or false; anything but true means false)";

  @Example
  void onlyTrueIsOnAndFalseIsNoSurprise() {
    assertThat(parse("true").on()).isTrue();
    assertThat(parse("true").surprise()).isEmpty();
    assertThat(parse("false").on()).isFalse();
    assertThat(parse("false").surprise()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "TRUE, 'TRUE'",
    "True, 'True'",
    "' true', ' true'",
    "'true\n', 'true\\n'",
    "' true\n', ' true\\n'",
    "1, '1'",
    "yes, 'yes'",
    "'\"true\"', '\"true\"'"
  })
  void anythingElseIsOffAndSaid(String value, String shown) {
    KafkaEnabledText text = parse(value);
    assertThat(text.on()).isFalse();
    assertThat(text.surprise()).contains("found '" + shown + "'" + EXPECTED);
  }

  @Example
  void emptyLargeAndBinaryValuesAreOffAndSaid() {
    assertThat(parse("").surprise()).contains("found no text" + EXPECTED);
    assertThat(KafkaEnabledText.parse(new byte[512 * 1024]).surprise())
        .contains("found 524288 bytes" + EXPECTED);
    assertThat(KafkaEnabledText.parse(new byte[] {(byte) 0xff}).surprise())
        .contains("found bytes that are no UTF-8 text" + EXPECTED);
  }

  @Property
  void onExactlyForTrue(@ForAll String value) {
    assertThat(parse(value).on()).isEqualTo(value.equals("true"));
    parse(value).surprise().ifPresent(s -> assertThat(s).hasSizeLessThan(200));
  }

  private static KafkaEnabledText parse(String value) {
    return KafkaEnabledText.parse(value.getBytes(StandardCharsets.UTF_8));
  }
}
