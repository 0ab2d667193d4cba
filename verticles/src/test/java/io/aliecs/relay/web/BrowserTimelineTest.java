package io.aliecs.relay.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the page gets the timeline of an environment, also when it does not come. */
class BrowserTimelineTest {
  @TempDir static Path profile;
  private static PageBrowser page;
  private final RunningWeb web = new RunningWeb(0, InstantSource.system(), BrowserTest.STREAM);

  @BeforeAll
  static void start() {
    page = new PageBrowser(profile);
  }

  @AfterAll
  static void stop() {
    page.close();
  }

  @BeforeEach
  void settings() {
    web.settings(RunningWeb.PLUGIN_ON).leader(true, "host-1");
  }

  @AfterEach
  void close() {
    page.leave();
    web.close();
  }

  private static void open(String id) {
    page.script("location.hash = arguments[0]", id);
    page.until("#details-id", id);
  }

  @Test
  void opensTheEnvironmentOfTheAddressWheneverThatChanges() {
    web.configured("2one", true, "ITS").configured("2two", true, "TPC");
    page.look(web);
    page.until("#environment-rows", "2two");

    open("2one");
    page.until("#timeline", "Entered CONFIGURED");
    open("2two");
    page.until("#details-facts", "TPC");
    page.script("location.hash = ''");
    await().until(() -> !page.sees("#details"));
  }
}
