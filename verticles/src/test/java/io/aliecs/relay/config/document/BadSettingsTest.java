package io.aliecs.relay.config.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Documents that must be refused: {@code settings/bad/*.yaml}, each beside the sentence that an
 * operator reads, in a {@code .txt} of the same name.
 */
class BadSettingsTest {

  private static final Path FOLDER = Path.of("src/test/resources/settings/bad");

  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .map(name -> name.substring(0, name.length() - ".yaml".length()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void isRefusedWithAClearSentence(String name) throws IOException {
    String sentence = refusal(Files.readAllBytes(FOLDER.resolve(name + ".yaml")));
    Path expected = FOLDER.resolve(name + ".txt");
    assertThat(expected).as("the expected sentence; found: " + sentence).exists();
    assertThat(sentence).isEqualTo(Files.readString(expected).strip());
    assertThat(sentence).hasSizeLessThan(400).doesNotContain("\n");
  }

  @Test
  void aDocumentOverTheLimitIsRefusedWithoutBeingRead() {
    byte[] document = "a: b # ".concat("x".repeat(512 * 1024)).getBytes(StandardCharsets.UTF_8);
    assertThat(refusal(document))
        .isEqualTo("the document: found 524295 bytes (expected: at most 262144 bytes)");
  }

  @Test
  void aDocumentAtTheLimitIsRead() {
    String start = "integrationPlugins: [] # ";
    byte[] document =
        (start + "x".repeat(SettingsDocument.LARGEST - start.length()))
            .getBytes(StandardCharsets.UTF_8);
    assertThat(refusal(document)).isEmpty();
  }

  @Test
  void depthAtTheBoundIsRead() {
    for (String[] level : new String[][] {{"[", "]"}, {"{a: ", "}"}, {"? ", ""}, {"- ", ""}}) {
      String value = level[0].repeat(998) + "x" + level[1].repeat(998);
      String document = "integrationPlugins: []\nother:\n  " + value + "\n";
      assertThat(refusal(document.getBytes(StandardCharsets.UTF_8))).as(level[0]).isEmpty();
    }
  }

  @Test
  void depthAtTheLimitOfSizeDoesNotOverflow() {
    assertThat(refusal("[".repeat(SettingsDocument.LARGEST).getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(
            "the document (line 1, column 1001): found more than 1000 levels (expected: no more than 1000)");
  }

  /** Why it is refused, empty when it is not. As Consul's client decodes it. */
  private static String refusal(byte[] document) {
    try {
      SettingsDocument.parse(new String(document, StandardCharsets.UTF_8));
      return "";
    } catch (RefusedException e) {
      return e.sentence();
    }
  }
}
