package io.aliecs.relay.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The shipped alert rules are such as Prometheus takes, fire when they should, and are explained.
 */
class AlertRulesTest {
  private static final Path ALERTS = Path.of("..", "..", "conf", "prometheus", "alerts.yaml");
  private static final Path OPERATING = Path.of("..", "..", "docs", "operating.md");
  private static final Path CASES = Path.of("src", "test", "resources", "alerts-test.yaml");
  private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");
  private static final Pattern FIRES =
      Pattern.compile("alertname: (\\w+)\\s+exp_alerts:\\s+- exp_labels");

  private static final Pattern DOES_NOT_FIRE =
      Pattern.compile("alertname: (\\w+), exp_alerts: \\[]");

  private static List<String> named(Pattern pattern, Path file) throws IOException {
    return pattern.matcher(Files.readString(file)).results().map(one -> one.group(1)).toList();
  }

  @Test
  void everyAlertFiresInOneCaseAndNotInAnother() throws IOException {
    List<String> alerts = named(ALERT, ALERTS);
    assertThat(named(FIRES, CASES)).containsAll(alerts);
    assertThat(named(DOES_NOT_FIRE, CASES)).containsAll(alerts);
  }

  @Test
  void everyAlertIsInTheDocument() throws IOException {
    List<String> alerts = named(ALERT, ALERTS);
    String document = Files.readString(OPERATING);
    assertThat(alerts).hasSizeGreaterThan(15).doesNotHaveDuplicates();
    assertThat(alerts).allMatch(alert -> document.contains("`" + alert + "`"));
  }

  @Test
  void prometheusTakesThem() throws Exception {
    promtool("check", "rules", ALERTS.toString());
  }

  @Test
  void theyFireWhenTheyShouldAndNotElse() throws Exception {
    promtool("test", "rules", CASES.toString());
  }

  private static void promtool(String... arguments) throws Exception {
    Path promtool =
        Stream.of(System.getenv("PATH").split(":", -1))
            .map(folder -> Path.of(folder, "promtool"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);
    assumeTrue(promtool != null, "promtool is not installed (Debian: apt-get install prometheus)");
    Process process =
        new ProcessBuilder(
                Stream.concat(Stream.of(promtool.toString()), Stream.of(arguments)).toList())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
