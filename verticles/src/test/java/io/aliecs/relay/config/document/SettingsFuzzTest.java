package io.aliecs.relay.config.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;

/** Whatever is in the key: a verdict, in time, with a sentence that is safe to show. */
@Tag("slow")
class SettingsFuzzTest {

  /** On a machine that has much else to do. */
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private static final List<String> SEEDS =
      List.of(
          "kafkaEndpoint: \"a:1\"\nintegrationPlugins:\n  - dcs\n  - kafka\nenableKafka: true\n",
          "base: &b {kafkaEndpoints: [a:1, 'b:2'], x: &x [*b]}\n<<: [*b, {k: v}]\n",
          "anyKey: &x {<<: *x, k: v}\n",
          "a: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c {<<: *b, ? *a : *b}\nintegrationPlugins: *c\n",
          "{\n\t\"kafkaEndpoint\": \"a:1\",\n\t\"integrationPlugins\": [\"kafka\"]\n}",
          "%YAML 1.1\n--- !!map\n? |\n  block\n: >-\n  folded\n  text\n...\n");

  private static final List<String> PIECES =
      List.of(
          "&x ",
          "*x",
          "<<: ",
          "<<: *x",
          "[",
          "]",
          "{",
          "}",
          "- ",
          ": ",
          "\n",
          "\n  ",
          "\t",
          "'",
          "\"",
          "? ",
          "| \n",
          "> \n",
          "!!binary ",
          "!!null ",
          "!",
          "---\n",
          "...\n",
          "%TAG ! !\n",
          "#",
          ", ",
          "~",
          "\u0000",
          "\ufeff",
          "\u2028",
          "\ud83d\ude00",
          "\\",
          "&",
          "*",
          "0x1",
          "kafka",
          "kafkaEndpoint: ",
          "integrationPlugins: ",
          "enableKafka: ");

  @Example
  void anAliasInsideItsOwnAnchorIsRefusedWhereverItIs() {
    for (String document :
        List.of(
            "anyKey: &x {<<: *x, k: v}",
            "anyKey: &x [*x]",
            "&x {a: *x}",
            "? &x [*x]\n: v",
            "a: &x {b: &y {<<: *x, <<: *y}}",
            "integrationPlugins: &x [kafka, *x]",
            "<<: &x {<<: *x}")) {
      assertThat(refusal(document)).as(document).contains("inside what it stands for");
    }
  }

  @Example
  void aCharacterOfTwoHalvesMayLieAnywhere() {
    for (int length = 1_000; length < 1_050; length++) {
      assertThat(refusal("#" + "x".repeat(length) + "\ud83d\ude00\nintegrationPlugins: []\n"))
          .isEmpty();
    }
  }

  @Example
  void theWorstOfEachKindEndsInTime() {
    int size = SettingsDocument.LARGEST;
    for (String part :
        List.of(
            "[",
            "{",
            "- ",
            "? ",
            "a: ",
            "&a ",
            "*a ",
            "!",
            "'",
            "\"",
            "\\",
            "a: [*a, ",
            "#",
            "|\n",
            "\t",
            "\n",
            " ",
            "[],",
            "{},",
            "a: &a b\n",
            "<<: ",
            "%",
            "-",
            ":",
            ",",
            "\r")) {
      String document = "x: &a [b]\ny: " + part.repeat((size - 20) / part.length());
      refusal(document);
      refusal(part.repeat(size / part.length()));
    }
  }

  @Property(tries = 1_000)
  void anyBytes(@ForAll byte[] bytes) {
    refusal(new String(bytes, StandardCharsets.UTF_8));
  }

  @Property(tries = 1_000)
  void anyText(@ForAll String text) {
    refusal(text);
  }

  @Property(tries = 3_000)
  void anyMutatedYaml(@ForAll("mutated") String text) {
    refusal(text);
  }

  @Provide
  Arbitrary<String> mutated() {
    Arbitrary<Integer> places = Arbitraries.integers().between(0, 200);
    Arbitrary<List<Integer>> at = places.list().ofMinSize(1).ofMaxSize(6);
    Arbitrary<List<String>> pieces = Arbitraries.of(PIECES).list().ofMinSize(6).ofMaxSize(6);
    Arbitrary<Integer> times =
        Arbitraries.frequency(net.jqwik.api.Tuple.of(20, 1), net.jqwik.api.Tuple.of(1, 500));
    return Combinators.combine(Arbitraries.of(SEEDS), at, pieces, times)
        .as(SettingsFuzzTest::mutate);
  }

  private static String mutate(String seed, List<Integer> at, List<String> pieces, int times) {
    StringBuilder text = new StringBuilder(seed);
    for (int i = 0; i < at.size(); i++) {
      int from = Math.min(at.get(i), text.length());
      int to = Math.min(from + i, text.length());
      text.replace(from, to, pieces.get(i).repeat(times));
    }
    return text.toString();
  }

  /** Why it is refused, empty when it is not; in time. */
  private static String refusal(String text) {
    long begun = System.nanoTime();
    String refusal = "";
    try {
      SettingsDocument.parse(text);
    } catch (RefusedException e) {
      refusal = e.sentence();
      assertThat(refusal).hasSizeLessThan(500).contains("(expected: ");
      assertThat(refusal.chars().filter(Character::isISOControl).count()).isZero();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(DEADLINE);
    return refusal;
  }
}
