package io.aliecs.relay.host.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FoldedTest {
  private static final String RECORD =
      "2026-11-29 04:21:28.365  aliecs.env_state.RUNNING           2oDvieFrVTi"
          + "      500001  PHYSICS      \u001b[32mRUNNING   \u001b[0m  ITS TPC";

  @Test
  void aLineThatFitsStaysAsItIs() {
    assertThat(Folded.of(RECORD, 240)).isEqualTo(RECORD);
    assertThat(Folded.of("A     B\nC\n", 40).lines()).containsExactly("A     B", "C");
  }

  @Test
  void aPipeGetsEveryLineWhole() {
    assertThat(Folded.of(RECORD + "\n", 0)).isEqualTo(RECORD + "\n");
  }

  @Test
  void aLineThatIsTooWideGoesOnInTheNextOneWithoutWhatOnlyAlignedIt() {
    assertThat(Folded.of(RECORD, 40).lines())
        .containsExactly(
            "2026-11-29 04:21:28.365",
            "  aliecs.env_state.RUNNING  2oDvieFrVTi",
            "  500001  PHYSICS  \u001b[32mRUNNING  \u001b[0m  ITS TPC");
  }

  @Test
  void aWordThatNoLineTakesIsCut() {
    assertThat(Folded.of("id: " + "x".repeat(30), 12).lines())
        .containsExactly(
            "id:", "  " + "x".repeat(10), "  " + "x".repeat(10), "  " + "x".repeat(10));
    assertThat(Folded.of("\u001b[31m" + "\ud83d\ude00".repeat(15) + "\u001b[0m", 10).lines())
        .containsExactly(
            "\u001b[31m" + "\ud83d\ude00".repeat(10),
            "  " + "\ud83d\ude00".repeat(5) + "\u001b[0m");
  }

  @Test
  void whatOnlyIndentsAWideBlockDoesNotFillTheScreen() {
    assertThat(Folded.of(" ".repeat(56) + "2oDvieFrVTi  500001", 40).lines())
        .containsExactly("  2oDvieFrVTi  500001");
  }

  @Test
  void columnsAreWhatSttySays() {
    assertThat(Terminal.columns("24 80\n")).isEqualTo(80);
    assertThat(Terminal.columns("0 0\n")).isZero();
    assertThat(Terminal.columns("stty: 'standard input': Inappropriate ioctl for device\n"))
        .isZero();
    assertThat(Terminal.columns("")).isZero();
    assertThat(Terminal.columns("1 99999999999\n")).isZero();
  }
}
