package io.aliecs.relay.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.ComponentStatus;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.domain.Moment;
import io.aliecs.relay.domain.PublishingSettings;
import io.aliecs.relay.domain.Transition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The page in a real Chromium. Its pictures are in {@code target/screenshots}. */
class BrowserTest {
  private static final String HOSTILE = "\"><img src=x onerror=alert(1)>";
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Path BROWSER = Path.of("/usr/bin/chromium");
  private static final Path PICTURES = Path.of("target", "screenshots");
  private static final StreamOptions STREAM =
      new StreamOptions(10, 65_536, 5, 100, 1_000, 10, 10_000, 100);

  @TempDir static Path profile;
  private static ChromeDriver browser;
  private RunningWeb web = new RunningWeb(0, InstantSource.system(), STREAM);

  @BeforeAll
  static void start() throws IOException {
    if (!Files.isExecutable(DRIVER) || !Files.isExecutable(BROWSER)) {
      throw new AssertionError(
          "chromium is missing: install it (Debian: apt-get install chromium chromium-driver)");
    }
    Files.createDirectories(PICTURES);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(BROWSER.toFile());
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--user-data-dir=" + profile);
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build(),
            options);
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.quit();
    }
  }

  @BeforeEach
  void publisher() {
    answerAsPublisher();
    web.leader(true, "host-1");
  }

  private void answerAsPublisher() {
    web.vertx
        .eventBus()
        .localConsumer(
            BusAddresses.PUBLISHER_STATUS,
            message ->
                message.reply(new ComponentStatus(true, "publishing", "", 1), LocalRecords.LOCAL));
  }

  @AfterEach
  void close() {
    browser.get("about:blank");
    web.close();
  }

  private void look() {
    browser.get("http://127.0.0.1:" + web.web.httpPort() + "/");
    until("#connection .value", "Live");
  }

  private static String text(String selector) {
    List<WebElement> found = browser.findElements(By.cssSelector(selector));
    return found.isEmpty() ? "" : found.get(0).getText();
  }

  /** Waits until the element of that selector shows that text. */
  private static void until(String selector, String part) {
    await()
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptionsInstanceOf(StaleElementReferenceException.class)
        .untilAsserted(() -> assertThat(text(selector)).as(selector).contains(part));
  }

  private static void picture(String name, int width, int height, String theme) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    String now = (String) browser.executeScript("return document.documentElement.dataset.theme");
    if (!theme.equals(now)) {
      browser.executeScript("document.getElementById('theme').click()");
    }
    try {
      Files.write(
          PICTURES.resolve(name + "-" + width + "-" + theme + ".png"),
          browser.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void showsARunFromItsBeginningToItsEnd() {
    web.settings(RunningWeb.PLUGIN_ON);
    look();
    until("#run-empty", "No active run");
    until("#environment-empty", "No environment");
    until("#publishing .value", "On");
    until("#leader .value", "host-1");
    picture("empty", 1_280, 800, "light");

    web.running("2env", 571_204, true, "TPC", "ITS");

    until(".run-number", "571204");
    until(".run-detectors", "ITS");
    until(".run-type", "PHYSICS");
    until("#news", "Run 571204 started");
    until("#backlog .value", "changes");
    String duration = text(".run-duration");
    assertThat(duration).isNotEmpty();
    await().until(() -> !text(".run-duration").equals(duration));

    web.apply(web.event("2env", Moment.LEAVING).transition(Transition.STOP_ACTIVITY).build());
    until(".run-marks", "Ending");
    web.apply(web.event("2env", Moment.ENTERED).transition(Transition.STOP_ACTIVITY).build());
    until("#run-empty", "No active run");
    until("#environment-rows", "CONFIGURED");
    until("#news", "Run 571204 ended");
  }

  @Test
  void showsThatPublishingIsOff() {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 7, false, "ITS");
    look();
    until(".run-marks", "Not published");
    until("#environment-rows", "Off");

    web.settings(PublishingSettings.NONE);

    until("#publishing .value", "Off");
    until("#publishing .note", "integrationPlugins");
    until("#news", "Publishing off");
  }

  @Test
  void showsTheTimelineByKeyboardAlone() {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 7, true, "ITS");
    look();
    until("#environment-rows", "2env");

    browser.findElement(By.cssSelector("#environment-rows button")).sendKeys(Keys.ENTER);

    until("#details-id", "2env");
    until("#timeline-rows", "START_ACTIVITY");
    until("#timeline-rows", "aliecs.env_state.RUNNING");
    until("#timeline-rows", "pending");
    picture("timeline", 1_280, 800, "dark");
    web.apply(new io.aliecs.relay.domain.Command.Delivered(web.state.outbox().next() - 1));
    until("#timeline-rows", "published");

    browser.switchTo().activeElement().sendKeys(Keys.ESCAPE);
    assertThat(browser.findElement(By.id("details")).isDisplayed()).isFalse();
  }

  @Test
  void saysThatItIsNotLiveAndRecoversByItself() {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 571_204, true, "ITS");
    look();
    until(".run-number", "571204");
    int port = web.web.httpPort();
    web.close();

    until("#banner-what", "not live");
    until("#banner-detail", "old");
    until("#connection .value", "Lost");
    assertThat(text(".run-number")).isEqualTo("571204");
    picture("lost", 1_280, 800, "light");

    web = new RunningWeb(port, InstantSource.system(), STREAM);
    publisher();
    web.settings(RunningWeb.PLUGIN_ON).running("2new", 571_205, true, "TPC");
    until("#connection .value", "Live");
    until("#run-list", "571205");
    assertThat(text("#run-list")).doesNotContain("571204");
    assertThat(browser.findElement(By.id("banner")).isDisplayed()).isFalse();
  }

  @Test
  void showsWhatOthersChoseAsText() {
    web.settings(RunningWeb.PLUGIN_ON)
        .running(HOSTILE, 4_294_967_295L, true, "<i>ITS</i>", "TPC")
        .running("2vRFgd9mCxP", 571_204, true, "ITS", "TPC", "TRD", "TOF", "EMC", "PHS", "ZDC")
        .running("2vRJx1bQeWn", 571_209, false, "ZDC")
        .configured("2vRKidle001", true, "FT0", "FV0")
        .running("2vREerrorAb", 571_190, true, "MCH", "MID");
    web.apply(web.event("2vREerrorAb", Moment.ENTERED).transition(Transition.GO_ERROR).build());
    look();
    until("#run-list", HOSTILE);
    until("#environment-rows", "ERROR");
    for (String theme : List.of("light", "dark")) {
      picture("runs", 390, 844, theme);
      assertThat(browser.executeScript("return document.documentElement.scrollWidth"))
          .isEqualTo(390L);
      picture("runs", 1_280, 800, theme);
      picture("runs", 1_920, 1_080, theme);
    }
    browser
        .findElement(By.xpath("//*[@id='run-list']//button[contains(., 'onerror')]"))
        .sendKeys(Keys.ENTER);
    until("#details-id", HOSTILE);
    until("#timeline-rows", "START_ACTIVITY");

    assertThat(browser.findElements(By.cssSelector("img, i, main b"))).isEmpty();
    assertThat(browser.manage().logs().get("browser").getAll())
        .noneMatch(entry -> entry.getMessage().contains("Content Security Policy"))
        .noneMatch(entry -> entry.getMessage().contains("Uncaught"));
  }
}
