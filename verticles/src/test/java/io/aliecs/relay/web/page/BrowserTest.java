package io.aliecs.relay.web.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.web.RunningWeb;
import io.aliecs.relay.web.api.SettingsTest;
import io.aliecs.relay.web.stream.StreamOptions;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** What the page shows of runs and environments, in a real Chromium. */
@Tag("slow")
class BrowserTest {
  static final StreamOptions STREAM =
      new StreamOptions(10, 65_536, 5, 100, 1_000, 10, 10_000, 1_000, 100);
  private static final String HOSTILE = "\"><img src=x onerror=alert(1)>\u202Efdp.exe\n'&amp;";

  private static final PublishingSettings OFF =
      new PublishingSettings(false, List.of(), true, 2, 1);

  private static final ClusterStatus ALONE =
      new ClusterStatus(
          "host-1",
          "host-1",
          true,
          1,
          true,
          0,
          5,
          0,
          ClusterStatus.UNKNOWN,
          List.of(new ClusterStatus.Member("host-1", "127.0.0.1:8701", 0, 0)));

  @RegisterExtension static final PageBrowser page = new PageBrowser();
  private RunningWeb web = new RunningWeb(0, InstantSource.system(), STREAM);

  @BeforeEach
  void publisher() {
    web.answer(BusAddresses.PUBLISHER_STATUS, new ComponentStatus(true, "publishing", "", 1))
        .answer(BusAddresses.SETTINGS_STATUS, SettingsTest.status())
        .answer(BusAddresses.CLUSTER_STATUS, ALONE)
        .leader(true, "host-1");
    page.console();
  }

  @AfterEach
  void close() {
    web.close();
  }

  private void entered(String id, Transition transition) {
    web.apply(web.event(id, EventType.ENTERED).transition(transition).build());
  }

  @Test
  void followsAnEnvironmentFromItsCreationToItsEnd() {
    web.settings(RunningWeb.PLUGIN_ON);
    page.look(web);
    page.until("#run-empty", "No active run");
    page.until("#environment-empty", "No environment");

    web.apply(web.event("2env", EventType.CREATED).runType("PHYSICS").kafkaEnabled(true).build());
    page.until("#environment-rows", "STANDBY");
    entered("2env", Transition.DEPLOY);
    entered("2env", Transition.CONFIGURE);
    page.until("#environment-rows", "CONFIGURED");
    web.apply(
        web.event("2env", EventType.BEFORE)
            .transition(Transition.START_ACTIVITY)
            .runNumber(571_204L)
            .build());
    entered("2env", Transition.START_ACTIVITY);
    page.until(".run-number", "571204");
    page.until(".run-type", "PHYSICS");
    page.until("#news", "Run 571204 started");
    String duration = page.text(".run-duration");
    await().until(() -> !page.text(".run-duration").equals(duration));
    web.apply(web.event("2env", EventType.LEAVING).transition(Transition.STOP_ACTIVITY).build());
    page.until(".run-marks", "Ending");
    entered("2env", Transition.STOP_ACTIVITY);
    page.until("#run-empty", "No active run. The last was 571204.");
    page.until("#news", "Run 571204 ended");
    web.apply(web.event("2env", EventType.DESTROYED).transition(Transition.DESTROY).build());
    page.until("#environment-empty", "No environment");
  }

  @Test
  void keepsWhatHasEndedWithItsTimeline() {
    web.settings(RunningWeb.PLUGIN_ON).running("2gone", 571_204, true, "ITS");
    page.look(web);
    page.until("#environment-rows", "2gone");
    web.apply(web.event("2gone", EventType.DESTROYED).transition(Transition.DESTROY).build());
    page.until("#state-choices label:last-child .count", "1");

    page.element("#state-choices label:last-child").click();

    page.until("#since-column", "Ended");
    page.until("#environment-rows", "DONE");
    page.until("#environment-rows", "last 571204");
    page.until("#environment-rows .since", "ago");
    page.element("#environment-rows button").click();
    page.until("#details-facts", "ended");
    page.until("#timeline > li:first-child", "Ended");
    page.until("#timeline > li:first-child", "aliecs.env_state.UNKNOWN");
  }

  @Test
  void findsEnvironmentsByStateAndByWords() {
    web.settings(RunningWeb.PLUGIN_ON)
        .running("2one", 571_204, true, "ITS")
        .running("2two", 571_205, true, "TPC")
        .configured("2three", true, "TPC");
    page.look(web);
    page.until("#environment-rows", "2three");

    page.element("#filter").sendKeys("tpc physics");
    await().until(() -> !page.text("#environment-rows").contains("2one"));
    page.element("#state-choices input[value=RUNNING]").sendKeys(Keys.SPACE);
    await().until(() -> !page.text("#environment-rows").contains("2three"));
    assertThat(page.text("#environment-rows")).contains("2two");
    page.element("#filter").sendKeys(" nothing");
    page.until("#environment-empty", "None matches the filter");
  }

  @Test
  void showsNoMoreRunsThanAnybodyCanRead() {
    web.settings(RunningWeb.PLUGIN_ON);
    for (int run = 1; run <= 61; run++) {
      web.running("2env" + run, run, true, "ITS");
    }
    page.look(web);
    page.until("#run-count", "61");
    page.until("#run-more", "and 1 more");
    assertThat(page.driver.findElements(By.cssSelector(".run"))).hasSize(60);
  }

  @Test
  void saysThatPublishingIsOffAndWhyAndThatItIsOnAgain() {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 7, false, "ITS");
    page.look(web);
    page.until("#verdict", "Relay works");
    page.until("#publishing .value", "On");
    page.until(".run-marks", "Not published");
    page.until("#environment-rows", "Not published");

    web.answer(
        BusAddresses.PUBLISHER_STATUS,
        new ComponentStatus(true, "off", "integrationPlugins does not hold kafka", 1));
    web.settings(PublishingSettings.NONE);
    page.until("#publishing .value", "Off");
    page.until("#publishing .note", "integrationPlugins");
    page.until("#trouble-list", "Publishing is off: integrationPlugins does not hold kafka");
    page.until("#verdict", "To look at: 1");
    page.until("#news", "Publishing off");

    publisher();
    web.settings(RunningWeb.PLUGIN_ON);
    page.until("#publishing .value", "On");
    page.until("#verdict", "Relay works");
    assertThat(page.sees("#troubles")).isFalse();
  }

  @Test
  void saysWhyAnEnvironmentIsNotPublished() {
    web.settings(RunningWeb.PLUGIN_ON).configured("2off", false, "TPC");
    web.apply(
        web.event("2run", EventType.OBSERVED)
            .state(State.RUNNING)
            .runNumber(571_204L)
            .detectors(List.of("TPC"))
            .workflow("<b>tpc-pulser")
            .workflowMeant(false)
            .observed(true)
            .build());
    page.look(web);
    page.until("#environment-rows tr:first-child", "workflow <b>tpc-pulser");
    page.until("#environment-rows tr:last-child", "kafka_enabled was not true");
    page.until(".run-marks", "Not published: workflow <b>tpc-pulser");
    page.element("#run-list button").click();
    page.until("#details-publish", "Not published: workflow <b>tpc-pulser.");
  }

  @Test
  void saysThatDetailsAreUnknownUntilTheyAreKnown() {
    web.settings(RunningWeb.PLUGIN_ON);
    web.apply(
        web.event("2late", EventType.OBSERVED)
            .state(State.RUNNING)
            .runNumber(571_204L)
            .observed(true)
            .build());
    page.look(web);
    page.until("#environment-rows", "Details unknown");
    page.until(".run-type", "Details unknown");
    page.element("#run-list button").click();
    page.until("#details-publish", "Details unknown: its creation was not seen");
    page.press(Keys.ESCAPE);

    web.apply(
        web.event("2late", EventType.CREATED)
            .runType("PHYSICS")
            .detectors(List.of("ITS"))
            .observed(true)
            .build());
    page.until("#environment-rows", "ITS");
    assertThat(page.text("#environment-rows")).doesNotContain("Details unknown");
  }

  @Test
  void saysWhoHasEndedAnEnvironmentAndWhy() {
    web.settings(RunningWeb.PLUGIN_ON).running("2gone", 571_204, true, "ITS");
    page.look(web);
    page.until("#environment-rows", "2gone");
    web.apply(
        new Command.EnvironmentEnded(
            "2gone", EndCause.FORGOTTEN, "core is gone", "anna", Long.MAX_VALUE, 1));
    page.until("#state-choices label:last-child .count", "1");
    page.element("#state-choices label:last-child").click();

    page.until("#environment-rows .state", "core is gone by anna");
    page.element("#environment-rows button").click();
    page.until("#details-publish", "Ended without AliECS saying so: core is gone by anna.");
  }

  @Test
  void namesTheRunsThatNobodyWasToldOf() {
    web.settings(RunningWeb.PLUGIN_ON).configured("2env", true, "ITS");
    web.settings(OFF);
    page.look(web);
    page.until("#environment-rows", "2env");
    assertThat(page.sees("#skipped-runs")).isFalse();
    web.apply(
        web.event("2env", EventType.BEFORE)
            .transition(Transition.START_ACTIVITY)
            .runNumber(571_204L)
            .build());
    entered("2env", Transition.START_ACTIVITY);
    entered("2env", Transition.STOP_ACTIVITY);
    web.settings(RunningWeb.PLUGIN_ON);

    page.until("#skipped-what", "1 run not published, and why");
    page.element("#skipped-what").click();
    page.until("#skipped-list", "Run 571204 of 2env, ended");
    page.until("#skipped-list", "publishing was off");
    assertThat(page.tooWide(390)).isEqualTo(List.of());
  }

  @Test
  void tellsForEachStepItsSourceAndWhatBecameOfItsMessages() {
    web.running("2env", 7, true, "ITS").settings(RunningWeb.PLUGIN_ON);
    web.apply(web.event("2env", EventType.LEAVING).transition(Transition.STOP_ACTIVITY).build());
    page.look(web);
    page.until("#environment-rows", "2env");
    page.element("#environment-rows button").click();

    page.until("#timeline > li:first-child", "Run 7 is about to end");
    page.until("#timeline > li:first-child", "aliecs.env_leave_state.RUNNING");
    page.until("#timeline > li:first-child", "pending");
    page.until("#timeline > li:first-child", "from a sender on the event bus");
    page.until("#timeline > li:last-child", "off");
    page.until("#timeline > li:last-child", "publishing was off then");
    assertThat(page.element("#timeline time").getAttribute("title")).endsWith("UTC");

    web.apply(new Command.Delivered(web.state.outbox().next() - 1));
    page.until("#timeline > li:first-child", "published");
  }

  @Test
  void isUsableByKeyboardAlone() {
    web.settings(RunningWeb.PLUGIN_ON)
        .configured("2idle", true, "TPC")
        .running("2env", 7, true, "ITS");
    page.look(web);
    page.until("#environment-rows", "2idle");

    page.tabTo("input[name=state]");
    page.press(Keys.ARROW_RIGHT);
    await().until(() -> !page.text("#environment-rows").contains("2idle"));
    page.tabTo("#environment-rows button");
    assertThat(page.script("return getComputedStyle(document.activeElement).outlineStyle"))
        .isEqualTo("solid");
    page.press(Keys.ENTER);
    page.until("#timeline", "aliecs.env_state.RUNNING");
    page.press(Keys.ESCAPE);
    await().until(() -> !page.sees("#details"));
    assertThat(page.driver.switchTo().activeElement().getText()).isEqualTo("2env");
    page.tabTo("#activity-table, summary");
    page.press(Keys.ENTER);
  }

  @Test
  void keepsTheFocusInItsRowWhenAnotherRowEndsAndWhenItsOwnMoves() {
    web.settings(RunningWeb.PLUGIN_ON)
        .configured("2a", true, "ITS")
        .configured("2b", true, "ITS")
        .configured("2c", true, "ITS");
    page.look(web);
    page.until("#environment-rows", "2c");
    page.script("document.querySelector('#environment-rows tr:nth-child(2) button').focus()");

    web.apply(web.event("2a", EventType.DESTROYED).transition(Transition.DESTROY).build());
    await().until(() -> !page.text("#environment-rows").contains("2a"));
    assertThat(page.driver.switchTo().activeElement().getText()).isEqualTo("2b");

    entered("2c", Transition.GO_ERROR);
    page.until("#environment-rows tr:first-child", "2c");
    assertThat(page.driver.switchTo().activeElement().getText()).isEqualTo("2b");

    entered("2b", Transition.GO_ERROR);
    page.until("#environment-rows tr:first-child", "2b");
    assertThat(page.driver.switchTo().activeElement().getText()).isEqualTo("2b");
  }

  @Test
  void movesNoMoreRowsThanItMust() {
    web.settings(RunningWeb.PLUGIN_ON)
        .running("2a", 7, true, "ITS")
        .configured("2b", true, "ITS")
        .configured("2c", true, "ITS")
        .configured("2d", true, "ITS");
    page.look(web);
    page.until("#environment-rows tr:last-child", "2d");
    page.script(
        "window.moved = new Set();"
            + "new MutationObserver((all) => all.forEach((m) => m.addedNodes.forEach("
            + "(row) => moved.add(row.key)))).observe("
            + "document.getElementById('environment-rows'), { childList: true })");

    web.apply(web.event("2c", EventType.DESTROYED).transition(Transition.DESTROY).build());
    await().until(() -> !page.text("#environment-rows").contains("2c"));
    assertThat(page.script("return [...moved]")).isEqualTo(List.of());

    entered("2a", Transition.STOP_ACTIVITY);
    entered("2a", Transition.RESET);
    page.until("#environment-rows tr:last-child", "2a");
    assertThat(page.script("return [...moved]")).isEqualTo(List.of("2a"));
  }

  @Test
  void saysInTheTitleOfATabThatNobodySeesThatTheRunHasEnded() {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 571_204, true, "ITS");
    page.look(web);
    await().until(() -> page.driver.getTitle().equals("(1) 571204 · Active runs"));

    page.script("window.requestAnimationFrame = () => 0"); // such a tab gets no frames
    entered("2env", Transition.STOP_ACTIVITY);

    await().until(() -> page.driver.getTitle().equals("Active runs"));
  }

  @Test
  void leavesAStreamThatItCannotReadAndMissesNothing() {
    web.settings(RunningWeb.PLUGIN_ON);
    page.look(web);
    page.script(
        "const real = JSON.parse;"
            + "JSON.parse = (text, ...more) => {"
            + "  if (!text.includes('2new')) return real(text, ...more);"
            + "  JSON.parse = real;"
            + "  throw new SyntaxError('no JSON');"
            + "}");

    web.configured("2new", true, "ITS");

    page.until("#environment-rows", "2new");
    page.until("#connection .value", "Live");
    await()
        .untilAsserted(
            () ->
                assertThat(web.registry.get("relay.http.stream.clients").gauge().value())
                    .isEqualTo(1));
  }

  @Test
  void saysThatItIsNotLiveAndRecoversByItself() {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 571_204, true, "ITS");
    page.look(web);
    page.until(".run-number", "571204");
    int port = web.web.listening().port();
    web.close();

    page.until("#banner-what", "not live");
    page.until("#banner-detail", "s old");
    page.until("#verdict", "Not live");
    page.until("#connection .value", "Lost");
    assertThat(page.text(".run-number")).isEqualTo("571204");
    String stands = page.text(".run-duration");
    page.picture("lost", 1_440, 900, "light");
    await()
        .until(() -> page.text("#banner-detail").matches("What you see is ([2-9]|\\d\\d) s old.*"));
    assertThat(page.text(".run-duration")).isEqualTo(stands);

    web = new RunningWeb(port, InstantSource.system(), STREAM);
    publisher();
    web.settings(RunningWeb.PLUGIN_ON).running("2new", 571_205, true, "TPC");
    page.until("#connection .value", "Live");
    page.until("#run-list", "571205");
    assertThat(page.text("#run-list")).doesNotContain("571204");
    assertThat(page.sees("#banner")).isFalse();
  }

  @Test
  void showsWhatOthersChoseAsText() {
    web.settings(RunningWeb.PLUGIN_ON);
    web.apply(
        web.event(HOSTILE, EventType.OBSERVED)
            .state(State.RUNNING)
            .runNumber(4_294_967_295L)
            .runType("<script>alert(2)</script>\u2028")
            .detectors(List.of("<i>ITS</i>", "\u200FTPC"))
            .observed(true)
            .build());
    web.running("x".repeat(256), 5, true, "ITS");
    page.look(web);
    page.until("#run-list", "\"><img src=x onerror=alert(1)>\\u202efdp.exe\\u000a'&amp;");
    page.until("#run-list", "<script>alert(2)</script>\\u2028");
    page.until("#run-list", "\\u200fTPC");
    for (int width : new int[] {390, 820, 961, 1_280, 1_340}) {
      assertThat(page.tooWide(width)).as("at %s px", width).isEqualTo(List.of());
    }
    page.picture("hostile", 1_440, 900, "dark");

    page.driver
        .findElement(By.xpath("//*[@id='run-list']//button[contains(., 'onerror')]"))
        .sendKeys(Keys.ENTER);
    page.until("#details-id", "onerror=alert(1)");
    page.until("#timeline", "Seen in RUNNING");
    String address = page.driver.getCurrentUrl();
    page.driver.navigate().refresh();
    page.until("#timeline", "Seen in RUNNING");

    assertThat(page.driver.getCurrentUrl()).isEqualTo(address);
    assertThat(page.driver.findElements(By.cssSelector("img, i, main b, body script"))).isEmpty();
    assertThat(page.console()).isEmpty();
  }
}
