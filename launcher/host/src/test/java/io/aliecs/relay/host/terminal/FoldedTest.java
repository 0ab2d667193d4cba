package io.aliecs.relay.host.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FoldedTest {
  private static final String RECORD =
      "2026-11-29 04:21:28.365  aliecs.env_state.RUNNING           2oDvieFrVTi"
          + "      500001  PHYSICS      \u001b[32mRUNNING   \u001b[0m  ITS TPC";

  @Test
  void a_line_that_fits_stays_as_it_is() {
    assertThat(Folded.of(RECORD, 240)).isEqualTo(RECORD);
    assertThat(Folded.of("A     B\nC\n", 40).lines()).containsExactly("A     B", "C");
  }

  @Test
  void a_pipe_gets_every_line_whole() {
    assertThat(Folded.of(RECORD + "\n", 0)).isEqualTo(RECORD + "\n");
  }

  @Test
  void a_line_that_is_too_wide_goes_on_in_the_next_one_without_what_only_aligned_it() {
    assertThat(Folded.of(RECORD, 40).lines())
        .containsExactly(
            "2026-11-29 04:21:28.365",
            "  aliecs.env_state.RUNNING  2oDvieFrVTi",
            "  500001  PHYSICS  \u001b[32mRUNNING  \u001b[0m  ITS TPC");
  }

  @Test
  void a_word_that_no_line_takes_is_cut() {
    assertThat(Folded.of("id: " + "x".repeat(30), 12).lines())
        .containsExactly(
            "id:", "  " + "x".repeat(10), "  " + "x".repeat(10), "  " + "x".repeat(10));
    assertThat(Folded.of("\u001b[31m" + "\ud83d\ude00".repeat(15) + "\u001b[0m", 10).lines())
        .containsExactly(
            "\u001b[31m" + "\ud83d\ude00".repeat(10),
            "  " + "\ud83d\ude00".repeat(5) + "\u001b[0m");
  }

  @Test
  void what_only_indents_a_wide_block_does_not_fill_the_screen() {
    assertThat(Folded.of(" ".repeat(56) + "2oDvieFrVTi  500001", 40).lines())
        .containsExactly("  2oDvieFrVTi  500001");
  }

  @Test
  void columns_are_what_stty_says() {
    assertThat(Terminal.columns("24 80\n")).isEqualTo(80);
    assertThat(Terminal.columns("0 0\n")).isZero();
    assertThat(Terminal.columns("stty: 'standard input': Inappropriate ioctl for device\n"))
        .isZero();
    assertThat(Terminal.columns("")).isZero();
    assertThat(Terminal.columns("1 99999999999\n")).isZero();
  }
}
