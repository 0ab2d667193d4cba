package io.aliecs.relay.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.consul.KeyReading;
import io.aliecs.relay.consul.PairReader.Pair;
import io.aliecs.relay.settings.SettingsStatus.Kind;
import io.aliecs.relay.settings.SettingsStatus.Problem;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text of {@code kafka_enabled}. */
class KafkaEnabledTest {

  private static final String EXPECTED =
      " (expected: exactly true or false; anything but true means false)";

  @Example
  void onlyTrueIsOnAndFalseIsNoSurprise() {
    assertThat(isOn("true")).isTrue();
    assertThat(surprises("true")).isEmpty();
    assertThat(isOn("false")).isFalse();
    assertThat(surprises("false")).isEmpty();
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
    assertThat(isOn(value)).isFalse();
    assertThat(surprises(value))
        .singleElement()
        .asString()
        .endsWith("found '" + shown + "'" + EXPECTED);
  }

  @Example
  void emptyLargeAndBinaryValuesAreOffAndSaid() {
    assertThat(surprises("")).singleElement().asString().endsWith("found no text" + EXPECTED);
    for (String value : List.of("x".repeat(512 * 1024), "\uFFFD")) {
      assertThat(isOn(value)).isFalse();
      assertThat(surprises(value))
          .singleElement()
          .asString()
          .endsWith(EXPECTED)
          .hasSizeLessThan(250);
    }
  }

  @Property
  void onExactlyForTrue(@ForAll String value) {
    assertThat(isOn(value)).isEqualTo(value.equals("true"));
    assertThat(surprises(value)).allSatisfy(s -> assertThat(s).hasSizeLessThan(250));
  }

  private static boolean isOn(String value) {
    return read(value).settings().publishNewEnvironments();
  }

  private static List<String> surprises(String value) {
    return read(value).valueProblems().stream()
        .filter(problem -> problem.consulKey().equals(ConsulOptions.KAFKA_ENABLED_KEY))
        .peek(problem -> assertThat(problem.kind()).isEqualTo(Kind.SURPRISING))
        .map(Problem::message)
        .toList();
  }

  private static SettingsState read(String value) {
    Pair pair = new Pair(new KeyReading("", 0), new KeyReading(value, 7));
    return SettingsState.empty(0).with(new ParsedKeys(pair, null, ""), 1);
  }
}
