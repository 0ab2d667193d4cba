package io.aliecs.relay.web.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.web.RunningWeb;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.remote.http.ClientConfig;

/**
 * A real Chromium that looks at the page, one for all test classes; after each test it leaves the
 * page. Its pictures are in {@code target/screenshots}.
 */
final class PageBrowser implements BeforeAllCallback, AfterTestExecutionCallback {
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Path BROWSER = Path.of("/usr/bin/chromium");
  private static final Path PICTURES = Path.of("target", "screenshots");

  /** What axe finds: each rule that is broken, how bad that is, and where. */
  private static final String BROKEN_RULES =
      "const done = arguments[arguments.length - 1];"
          + "axe.run(document).then(r => done(r.violations.map(v => v.impact + ' ' + v.id + ': '"
          + " + v.nodes.map(n => n.target + ' ' + n.failureSummary).join('; '))), done);";

  private static final String TEXT =
      "const text = (selector) => { const found = document.querySelector(selector);"
          + " return found?.checkVisibility() ? found.innerText : ''; };";

  /** Ends with what is shown: what is waited for, or, after a second without it, something else. */
  private static final String LOOK =
      "const [selector, part, done] = arguments;"
          + "const end = performance.now() + 1_000;"
          + "const look = () => { const shown = text(selector);"
          + " if (shown.includes(part) || performance.now() > end) done(shown);"
          + " else setTimeout(look, 20); };"
          + "look();";

  private static final Duration LONGEST_COMMAND = Duration.ofSeconds(60);

  private static final String PROFILE = "chromium";

  ChromeDriver driver;
  private Chromium chromium;

  /** The process, until the last test class has ended. */
  private static final class Chromium implements AutoCloseable {
    private final Path profile = emptyFolder();
    private final ChromeDriver driver = launch(profile);
    private boolean answers = true;

    @Override
    public void close() throws IOException {
      driver.quit();
      try (Stream<Path> files = Files.walk(profile)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    chromium =
        context
            .getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(PageBrowser.class))
            .getOrComputeIfAbsent(PROFILE, name -> new Chromium(), Chromium.class);
    driver = chromium.driver;
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    leave();
  }

  private static Path emptyFolder() {
    try {
      return Files.createTempDirectory(PROFILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ChromeDriver launch(Path profile) {
    if (!Files.isExecutable(DRIVER) || !Files.isExecutable(BROWSER)) {
      throw new AssertionError(
          "chromium is missing: install it (Debian: apt-get install chromium chromium-driver)");
    }
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setCapability("goog:loggingPrefs", logs);
    options.setBinary(BROWSER.toFile());
    options.addArguments(
        "--headless",
        "--window-size=1440,900",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-extensions",
        "--disable-back-forward-cache",
        // Else each page gets a process of its own, and the next one is kept ready.
        "--disable-features=SpareRendererForSitePerProcess,ProactivelySwapBrowsingInstance",
        "--disable-site-isolation-trials",
        "--disable-dev-shm-usage",
        "--user-data-dir=" + profile);
    return new ChromeDriver(
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build(),
        options,
        ClientConfig.defaultConfig().readTimeout(LONGEST_COMMAND));
  }

  /** Opens the page and waits until it is live. */
  void look(RunningWeb web) {
    assertThat(chromium.answers).as("Chromium answers; a test before this one tells more").isTrue();
    driver.get("http://127.0.0.1:" + web.web.listening().port() + "/");
    until("#connection .value", "Live");
  }

  /** Leaves the page, so that it asks no relay any more, and the size that a test gave it. */
  private void leave() {
    if (!chromium.answers) {
      return;
    }
    try {
      driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
      driver.get("about:blank");
    } catch (WebDriverException silent) {
      chromium.answers = false; // or each test that follows would wait as long
      throw silent;
    }
  }

  /** The text that the first element of that selector shows; empty when there is none. */
  String text(String selector) {
    return (String) script(TEXT + "return text(arguments[0])", selector);
  }

  /** Waits until the element of that selector shows that text. */
  void until(String selector, String part) {
    // In the page: each look from here takes Chromium longer than the page takes to get there.
    await()
        .pollDelay(Duration.ZERO)
        .untilAsserted(() -> assertThat(look(selector, part)).as(selector).contains(part));
  }

  private String look(String selector, String part) {
    return (String) driver.executeAsyncScript(TEXT + LOOK, selector, part);
  }

  boolean sees(String selector) {
    return driver.findElements(By.cssSelector(selector)).stream().anyMatch(WebElement::isDisplayed);
  }

  WebElement element(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  void press(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  /** Presses Tab until what has the focus is of that selector; not for ever. */
  void tabTo(String selector) {
    for (int presses = 0; presses < 40; presses++) {
      press(Keys.TAB);
      Object reached = script("return document.activeElement.matches(arguments[0])", selector);
      if (Boolean.TRUE.equals(reached)) {
        return;
      }
    }
    throw new AssertionError(selector + " cannot be reached with Tab");
  }

  Object script(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** Makes the window that large, in these colours. */
  void dress(int width, int height, String theme) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    if (!theme.equals(script("return document.documentElement.dataset.theme"))) {
      script("document.getElementById('theme').click()");
    }
    // Two frames: one that lays out anew, one that paints the plots for it.
    driver.executeAsyncScript(
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(done))");
  }

  /** What is wider than the place it has, at that width. */
  Object tooWide(int width) {
    dress(width, 900, "light");
    return script(
        "return [document.documentElement, ...document.querySelectorAll('main section > *, li')]"
            + ".filter((e) => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1"
            + " || e.getBoundingClientRect().right > 1 + ("
            + "e.parentElement ?? e).getBoundingClientRect().right)"
            + ".map((e) => e.tagName + '#' + e.id + '.' + e.className + ' ' + e.scrollWidth)");
  }

  /** A picture of what is to be seen at that size in these colours. */
  void picture(String name, int width, int height, String theme) {
    dress(width, height, theme);
    try {
      Files.createDirectories(PICTURES);
      Files.write(
          PICTURES.resolve(name + "-" + width + "-" + theme + ".png"),
          driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What axe finds wrong with the page as it is now. */
  @SuppressWarnings("unchecked")
  List<String> brokenRules() {
    if (!Boolean.TRUE.equals(script("return typeof axe === 'object'"))) {
      script(axe());
    }
    return (List<String>) driver.executeAsyncScript(BROKEN_RULES);
  }

  private static String axe() {
    try (InputStream script = PageBrowser.class.getResourceAsStream("/axe.min.js")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the console says since it was asked last. */
  List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .toList();
  }
}
