package io.aliecs.relay.web.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.bus.status.ClusterStatus.Member;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.bus.status.CoreComparison;
import io.aliecs.relay.bus.status.CoreComparison.Difference;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.web.RunningWeb;
import io.aliecs.relay.web.api.SettingsTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the page shows of the relay's own health, and how it looks, in a real Chromium. */
@Tag("slow")
class BrowserHealthTest {
  private static final long UNKNOWN = ClusterStatus.UNKNOWN;
  private static final int HEAVIEST = 60_000;

  @RegisterExtension static final PageBrowser page = new PageBrowser();
  private RunningWeb web = new RunningWeb(0, InstantSource.system(), BrowserTest.STREAM);

  @BeforeEach
  void consul() {
    web.answer(BusAddresses.SETTINGS_STATUS, SettingsTest.status());
  }

  @AfterEach
  void close() {
    web.close();
  }

  private void publisher(boolean healthy, String state, String reason) {
    web.answer(BusAddresses.PUBLISHER_STATUS, new ComponentStatus(healthy, state, reason, 1));
  }

  private static ClusterStatus cluster(String role, long heardOfThird, long behindOfThird) {
    boolean current = !role.equals("cut off");
    boolean leads = role.equals("leader");
    return new ClusterStatus(
        "relay-1",
        current ? (leads ? "relay-1" : "relay-2") : "",
        leads,
        7,
        current,
        current ? 40 : 73_000,
        48_211,
        current ? 0 : UNKNOWN,
        ClusterStatus.UNKNOWN,
        List.of(
            new Member("relay-1", "10.0.0.1:8701", 0, 0),
            new Member("relay-2", "10.0.0.2:8701", leads || current ? 90 : UNKNOWN, 0),
            new Member("relay-3", "10.0.0.3:8701", heardOfThird, behindOfThird)));
  }

  @Test
  void saysWhichHostIsAwayAndWhatThatMeans() {
    publisher(true, "publishing", "");
    web.answer(BusAddresses.CLUSTER_STATUS, cluster("leader", 252_000, 812))
        .leader(true, "relay-1")
        .settings(RunningWeb.PLUGIN_ON);
    page.look(web);

    page.until("#trouble-list", "Control host relay-3 does not answer");
    page.until("#trouble-list", "The relay goes on, but stops if one more is lost");
    page.until("#host-list li:nth-child(1)", "Leads");
    page.until("#host-list li:nth-child(2)", "Up to date");
    page.until("#host-list li:nth-child(3)", "Away");
    page.until("#host-list li:nth-child(3)", "last heard 4 min ago");
    page.until("#hosts-note", "Term 7");

    web.answer(BusAddresses.CLUSTER_STATUS, cluster("leader", 40, 812));
    page.until("#host-list li:nth-child(3)", "by 812 entries");
    assertThat(page.sees("#troubles")).isFalse();
  }

  @Test
  void saysThatThisHostIsCutOffAndLooksLikeIt() {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 7, true, "ITS");
    web.answer(BusAddresses.CLUSTER_STATUS, cluster("cut off", UNKNOWN, UNKNOWN));
    page.look(web);

    page.until(
        "#trouble-list",
        "This host (relay-1) has been cut off from the other control hosts for 73 s");
    page.until("#trouble-list", "what you see here may be old");
    page.until("#host-list li:nth-child(1)", "Cut off");
    page.until("#host-list li:nth-child(3)", "Not known");
    assertThat(page.script("return document.body.dataset.current")).isEqualTo("no");
  }

  @Test
  void aHostThatDoesNotLeadSaysWhoPublishesAndWhyNobodyDoes() {
    publisher(true, "off", "this host does not lead");
    web.answer(BusAddresses.CLUSTER_STATUS, cluster("follower", UNKNOWN, UNKNOWN))
        .leader(false, "relay-2")
        .settings(RunningWeb.PLUGIN_ON);
    page.look(web);
    page.until("#publishing .note", "by relay-2, to kafka:9092");
    page.until("#verdict", "Relay works");
    page.until("#host-list li:nth-child(3)", "relay-2 knows");

    web.settings(PublishingSettings.NONE);
    page.until("#trouble-list", "Publishing is off: integrationPlugins does not hold kafka");
    page.until("#publishing .note", "integrationPlugins does not hold kafka");
  }

  @Test
  void saysWhyKafkaGetsNothingAndHowMuchWaits() {
    publisher(false, "failing", "kafka:9092 cannot be reached");
    web.leader(true, "relay-1").settings(RunningWeb.PLUGIN_ON).running("2env", 7, true, "ITS");
    page.look(web);

    page.until("#verdict", "Problems: 1");
    page.until("#trouble-list", "Nothing gets to Kafka: kafka:9092 cannot be reached");
    page.until("#trouble-list", "5 changes wait for Kafka");
    page.until("#backlog .value", "5 changes");

    web.apply(new Command.Delivered(web.state.outbox().next() - 1));
    publisher(true, "publishing", "");
    page.until("#verdict", "Relay works");
    page.until("#backlog .value", "Nothing");
  }

  @Test
  void saysWhyAliEcsIsNotHeard() {
    publisher(true, "publishing", "");
    web.answer(
            BusAddresses.INGEST_STATUS,
            new ComponentStatus(false, "failing", "kafka:9092 refuses the <password>", 1))
        .leader(true, "relay-1")
        .settings(RunningWeb.PLUGIN_ON);
    page.look(web);

    page.until(
        "#trouble-list", "AliECS's event stream is not read: kafka:9092 refuses the <password>");
    page.until("#verdict", "Problems: 1");
    page.until("#stream .value", "Failing");

    web.answer(BusAddresses.INGEST_STATUS, new ComponentStatus(true, "reading", "", 1));
    page.look(web);
    page.until("#stream .value", "Read");
    page.until("#verdict", "Relay works");
  }

  @Test
  void saysWhatComparingWithTheCoreHasFound() {
    publisher(true, "publishing", "");
    ComponentStatus answering = new ComponentStatus(true, "answering", "", 1);
    List<Difference> found =
        List.of(
            new Difference(3_000, "observed", "2env<b>", 7L),
            new Difference(2_000, "ended", "2gone", null));
    web.answer(BusAddresses.RECONCILE_FOUND, new CoreComparison(answering, 4_000, found))
        .leader(true, "relay-1")
        .settings(RunningWeb.PLUGIN_ON);
    page.look(web);
    page.until("#core .value", "Agrees");
    page.until("#differences-what", "2 times the core knew better");
    page.element("#differences-what").click();
    page.until("#difference-list", "2env<b>, run 7: taken as the core has it");
    page.until("#difference-list", "2gone: ended, as the core does not have it");

    ComponentStatus failing = new ComponentStatus(false, "failing", "core:32102: refused", 1);
    web.answer(BusAddresses.RECONCILE_FOUND, new CoreComparison(failing, 0, List.of()));
    page.look(web);
    page.until("#trouble-list", "AliECS's core cannot be compared with: core:32102: refused");
    page.until("#core .value", "Failing");
    assertThat(page.sees("#differences")).isFalse();
  }

  @Test
  void warnsBeforeTheCertificateOfThisHostEnds() {
    publisher(true, "publishing", "");
    long day = 86_400_000;
    long now = System.currentTimeMillis();
    ClusterStatus well = cluster("leader", 40, 0);
    web.answer(BusAddresses.CLUSTER_STATUS, well).leader(true, "relay-1");
    web.settings(RunningWeb.PLUGIN_ON);
    page.look(web);
    page.until("#verdict", "Relay works");
    assertThat(page.sees("#certificate")).isFalse();

    web.answer(BusAddresses.CLUSTER_STATUS, well.withCertificate(now + 100 * day + day / 2));
    page.until("#certificate .value", "100 days left");
    assertThat(page.sees("#troubles")).isFalse();
    web.answer(BusAddresses.CLUSTER_STATUS, well.withCertificate(now + 12 * day + day / 4));
    page.until("#certificate .value", "12 days left");
    page.until("#trouble-list", "The certificate of this host (relay-1) ends in 12 d");
    page.until("#verdict", "To look at: 1");
    web.answer(BusAddresses.CLUSTER_STATUS, well.withCertificate(now - day));
    page.until("#trouble-list", "has ended: other hosts refuse it");
  }

  @Test
  void tellsWhichMessagesAreParkedAndWhy() {
    publisher(true, "publishing", "");
    web.leader(true, "relay-1").settings(RunningWeb.PLUGIN_ON).configured("2env", true, "ITS");
    web.apply(
        new Command.Parked(
            List.of(new Command.Refusal(1, "aliecs.env_state.STANDBY", "<too> large", false)), 5));
    page.look(web);

    page.until("#trouble-list", "Kafka refuses 1 message: <too> large");
    page.until("#parked .value", "1 message");
    page.element("#parked-messages summary").click();
    page.until("#parked-list", "aliecs.env_state.STANDBY");
    page.until("#parked-list", "of 2env");
    page.until("#parked-list", "<too> large");
    page.element("#environment-rows button").click();
    page.until("#timeline > li:last-child", "parked");
    page.until("#timeline > li:last-child", "Kafka refuses it: <too> large");
  }

  @Test
  void saysWhatIsWrongInConsul() {
    publisher(true, "publishing", "");
    web.answer(BusAddresses.SETTINGS_STATUS, SettingsTest.status(SettingsTest.REFUSED))
        .leader(true, "relay-1")
        .settings(RunningWeb.PLUGIN_ON);
    page.look(web);
    page.until("#settings .value", "Refused");
    page.until("#trouble-list", SettingsTest.REFUSED.message());

    web.answer(BusAddresses.SETTINGS_STATUS, SettingsTest.status(SettingsTest.AWAY));
    page.look(web);
    page.until("#settings .value", "Consul away");
    page.until("#trouble-list", "The last good settings stay in force");
  }

  @Test
  void drawsTheLastHoursAndTellsTheSameInWords() {
    NightShift shift = new NightShift();
    web.close();
    web = shift.web;
    shift.play();
    page.look(web);

    page.until("#rate-text", "at most");
    page.until("#delay-text", "in the slowest minute 99 of 100 within");
    assertThat(page.script("return document.querySelectorAll('#rate-plot .bar[d^=M]').length"))
        .isEqualTo(1L);
    assertThat(page.script("return document.querySelector('#delay-told').textContent"))
        .isEqualTo(page.text("#delay-text"));
    page.element("section[aria-labelledby=activity] summary").click();
    assertThat(page.script("return document.querySelectorAll('#activity-rows tr').length"))
        .isEqualTo(12L);
  }

  @Test
  void axeFindsNothingInEitherThemeOnAnyScreen() {
    NightShift shift = new NightShift();
    web.close();
    web = shift.web;
    shift.play().trouble();
    page.look(web);
    page.until("#trouble-list", "Control host");
    page.until("#parked .value", "message");
    page.script("document.querySelectorAll('details').forEach((d) => { d.open = true; })");
    for (String look : List.of("light 390", "dark 1440")) {
      String[] parts = look.split(" ", -1);
      page.dress(Integer.parseInt(parts[1]), 900, parts[0]);
      assertThat(page.brokenRules()).as(look).isEmpty();
      page.element("#run-list button").click();
      page.until("#timeline", "published");
      assertThat(page.brokenRules()).as("%s, with the details", look).isEmpty();
      page.element("#details-close").click();
    }
    page.dress(1_440, 900, "light");
    assertThat(page.brokenRules()).as("light 1440").isEmpty();
    web.close();
    page.until("#banner-what", "not live");
    assertThat(page.brokenRules()).as("lost").isEmpty();
  }

  @Test
  void looksWellInEitherThemeOnAnyScreen() {
    NightShift shift = new NightShift();
    web.close();
    web = shift.web;
    shift.play();
    page.look(web);
    page.until("#delay-text", "within");
    pictures("good");
    page.element("#run-list button").click();
    page.until("#timeline", "published");
    pictures("timeline");
    page.element("#details-close").click();
    shift.trouble();
    page.look(web);
    page.until("#trouble-list", "Control host");
    page.until("#parked .value", "message");
    pictures("trouble");
    shift.off();
    page.until("#trouble-list", "Publishing is off");
    pictures("off");
  }

  private static void pictures(String name) {
    for (String theme : List.of("light", "dark")) {
      page.picture(name, 390, 844, theme);
      page.picture(name, 1_440, 900, theme);
      page.picture(name, 1_920, 1_080, theme);
      page.picture(name, 2_560, 1_440, theme);
    }
    for (int width : new int[] {390, 820, 961, 1_280, 1_340, 1_920}) {
      assertThat(page.tooWide(width)).as("%s at %s px", name, width).isEqualTo(List.of());
    }
  }

  /** The figures are in {@code target/page.csv}; docs/performance.md says what they mean. */
  @Test
  void weighsLittle() throws IOException {
    publisher(true, "publishing", "");
    web.leader(true, "relay-1").settings(RunningWeb.PLUGIN_ON).running("2env", 7, true, "ITS");
    page.driver.executeCdpCommand("Network.enable", Map.of());
    page.driver.executeCdpCommand("Network.clearBrowserCache", Map.of());
    page.look(web);

    String files =
        "const files = performance.getEntriesByType('resource')"
            + ".filter((e) => !e.name.includes('/api/') && e.initiatorType !== 'fetch');"
            + "const all = [performance.getEntriesByType('navigation')[0], ...files];";
    long bytes = number(files + "return all.reduce((sum, e) => sum + e.transferSize, 0)");
    long plain = number(files + "return all.reduce((sum, e) => sum + e.decodedBodySize, 0)");
    long count = number(files + "return all.length");
    long paint =
        number(
            "return Math.round(performance.getEntriesByName('first-contentful-paint')[0].startTime)");
    Files.writeString(
        Path.of("target", "page.csv"),
        "files,bytes,bytes_plain,first_paint_ms\n%d,%d,%d,%d\n"
            .formatted(count, bytes, plain, paint),
        StandardCharsets.UTF_8);
    assertThat(count).isEqualTo(22);
    assertThat(bytes).isBetween(1_000L, (long) HEAVIEST).isLessThan(plain / 2);
  }

  private static long number(String script) {
    return ((Number) page.script(script)).longValue();
  }
}
