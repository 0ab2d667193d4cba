package io.aliecs.relay.web.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.web.RunningWeb;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** Whoever has given the token can end an environment on the page, and nobody else. */
@Tag("slow")
class BrowserEndTest {
  @RegisterExtension static final PageBrowser page = new PageBrowser();
  @TempDir Path folder;
  private RunningWeb web;
  private final BlockingQueue<Command.EnvironmentEnded> asked = new ArrayBlockingQueue<>(10);

  @BeforeEach
  void open() {
    web = RunningWeb.withToken(folder, InstantSource.system(), BrowserTest.STREAM);
    web.settings(RunningWeb.PLUGIN_ON).leader(true, "host-1").running("2env", 7, true, "ITS");
  }

  @AfterEach
  void close() {
    web.close();
  }

  private void journalTakesIt() {
    web.vertx
        .eventBus()
        .<Command.EnvironmentEnded>localConsumer(
            BusAddresses.JOURNAL_REQUEST,
            message -> {
              asked.add(message.body());
              message.reply(new TransitionReply(Verdict.APPLIED, ""), LocalRecords.LOCAL);
            });
  }

  private void give(String token) {
    page.until("#access-what", "no token was given");
    page.element("#access-what").click();
    page.element("#token").sendKeys(token + Keys.ENTER);
    page.until("#access-what", "a token was given");
  }

  private static void openDetails() {
    page.element("#environment-rows button").click();
    page.until("#timeline", "Run 7 started");
  }

  @Test
  void endsItOnceTheSecondQuestionIsAnsweredAndSaysByWhom() throws InterruptedException {
    journalTakesIt();
    page.look(web);
    give(RunningWeb.TOKEN);
    openDetails();
    page.element("#end-ask").click();
    page.until("#end-what", "End 2env? Run 7 gets its end.");
    assertThat(page.brokenRules()).isEmpty();
    page.picture("end", 390, 844, "light");
    page.picture("end", 1_440, 900, "dark");
    page.element("#end-by").sendKeys("anna");
    page.element("#end-why").sendKeys("core is gone" + Keys.ENTER);

    Command.EnvironmentEnded command = asked.poll(60, TimeUnit.SECONDS);
    assertThat(command.environmentId()).isEqualTo("2env");
    assertThat(command.cause()).isEqualTo(EndCause.FORGOTTEN);
    assertThat(command.by()).isEqualTo("anna");
    page.until("#end-said", "Ended: forgotten (core is gone) by anna.");
    page.until("#changes-what", "1 change by hand, the last at ");
    web.apply(command);
    page.until("#details-facts", "DONE");
    page.until("#timeline > li:first-child", "forgotten (core is gone) by anna");
    page.until("#run-count", "0");
    assertThat(page.sees("#end")).isFalse();

    page.press(Keys.ESCAPE);
    page.element("#changes-what").click();
    page.until("#change-list", "End environment 2env done");
    page.until("#change-list", "by anna, from 127.0.0.1");
    assertThat(page.brokenRules()).isEmpty();
  }

  @Test
  void endsNothingWhenTheSecondQuestionIsAnsweredWithNo() {
    journalTakesIt();
    page.look(web);
    give(RunningWeb.TOKEN);
    openDetails();
    page.element("#end-ask").click();
    page.element("#end-keep").click();
    await().until(() -> !page.sees("#end-form"));
    assertThat(page.driver.switchTo().activeElement().getText()).startsWith("End this environment");
    page.element("#end-ask").click();
    page.element("#end-now").click(); // with no name: the browser asks for it
    page.press(Keys.ESCAPE);
    await().until(() -> !page.sees("#details"));
    openDetails();
    assertThat(page.sees("#end-form")).isFalse();
    assertThat(asked).isEmpty();
  }

  @Test
  void offersItOnlyWhereATokenWasGivenAndKeepsThatInItsTab() {
    page.look(web);
    page.until("#access-what", "no token was given");
    openDetails();
    assertThat(page.sees("#end")).isFalse();
    page.press(Keys.ESCAPE);

    give(RunningWeb.TOKEN);
    assertThat(page.script("return document.getElementById('token').value")).isEqualTo("");
    assertThat(page.script("return localStorage.getItem('token')")).isNull();
    page.driver.navigate().refresh();
    page.until("#access-what", "a token was given");
    openDetails();
    page.until("#end-ask", "End this environment");
    page.press(Keys.ESCAPE);

    page.element("#access-what").click();
    page.element("#token-drop").click();
    page.until("#access-what", "no token was given");
    openDetails();
    assertThat(page.sees("#end")).isFalse();
  }

  @Test
  void asksForNoTokenWhereNoneIsTaken() {
    try (RunningWeb without = new RunningWeb(0, InstantSource.system(), BrowserTest.STREAM)) {
      without.settings(RunningWeb.PLUGIN_ON).leader(true, "host-1");
      page.look(without);
      await()
          .until(
              () ->
                  page.script(
                          "return performance.getEntriesByType('resource')"
                              + ".some((e) => e.name.endsWith('/api/v1/settings') && e.responseEnd > 0)")
                      .equals(true));
      page.until("#settings .value", "Not read");
      assertThat(page.sees("#access")).isFalse();
    }
  }

  @Test
  void saysThatAWrongTokenIsNotTakenAndForgetsIt() {
    page.look(web);
    give("0123456789abcdef");
    openDetails();
    page.element("#end-ask").click();
    page.element("#end-by").sendKeys("anna" + Keys.ENTER);

    page.until("#end-said", "the token is not taken: another token (expected: that of");
    assertThat(page.sees("#end")).isFalse();
    page.press(Keys.ESCAPE);
    page.until("#access-what", "no token was given");
  }

  @Test
  void saysWhyItHasNotEndedAndCanBeAskedAgain() {
    web.vertx
        .eventBus()
        .<Command>localConsumer(
            BusAddresses.JOURNAL_REQUEST,
            message -> message.fail(FailureCode.NOT_LEADER.code(), "NOT_LEADER: <b> leads"));
    page.look(web);
    give(RunningWeb.TOKEN);
    openDetails();
    page.element("#end-ask").click();
    page.element("#end-by").sendKeys("anna" + Keys.ENTER);

    page.until("#end-said", "Not ended: NOT_LEADER: <b> leads");
    assertThat(page.element("#end-now").isEnabled()).isTrue();
  }
}
