package io.aliecs.relay.web.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.web.RunningWeb;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How the page gets the timeline of an environment, also when it does not come. */
@Tag("slow")
class BrowserTimelineTest {
  private static final long BEYOND_EVERY_DATE = 9_000_000_000_000_000L;

  @RegisterExtension static final PageBrowser page = new PageBrowser();
  private final RunningWeb web = new RunningWeb(0, InstantSource.system(), BrowserTest.STREAM);

  @BeforeEach
  void settings() {
    web.settings(RunningWeb.PLUGIN_ON).leader(true, "host-1");
  }

  @AfterEach
  void close() {
    web.close();
  }

  /** From now on the timelines whose path has that part get this instead of an answer. */
  private static void answerInstead(String part, String answer) {
    page.script(
        "window.realFetch = window.fetch;"
            + "window.fetch = (path, options) => !path.startsWith('/api/v1/environments/"
            + part
            + "') ? realFetch(path, options) : "
            + answer);
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

  @Test
  void triesATimelineAgainThatDidNotComeWhateverChangesNext() {
    web.configured("2env", true, "ITS");
    page.look(web);
    page.until("#environment-rows", "2env");
    answerInstead("", "Promise.reject(new TypeError('away'))");
    open("2env");
    page.until("#details-note", "The relay does not answer");

    page.script("window.fetch = realFetch");
    web.configured("2other", true, "TPC");

    page.until("#timeline", "Entered CONFIGURED");
    assertThat(page.sees("#details-note")).isFalse();
  }

  @Test
  void triesATimelineAgainThatWasRefusedWhateverChangesNext() {
    web.configured("2env", true, "ITS");
    page.look(web);
    page.until("#environment-rows", "2env");
    answerInstead(
        "", "Promise.resolve(new Response('{\"detail\": \"not ready\"}', { status: 503 }))");
    open("2env");
    page.until("#details-note", "not ready");

    page.script("window.fetch = realFetch");
    web.configured("2other", true, "TPC");

    page.until("#timeline", "Entered CONFIGURED");
  }

  @Test
  void waitsForATimelineOnlySoLongAndLetsItHoldUpNoOther() {
    web.configured("2dead", true, "ITS").configured("2env", true, "TPC");
    page.look(web);
    page.until("#environment-rows", "2env");
    page.script(
        "const timeout = AbortSignal.timeout.bind(AbortSignal);"
            + "window.patience = 60_000;"
            + "AbortSignal.timeout = () => timeout(patience)");
    answerInstead(
        "2dead",
        "new Promise((yes, no) => options.signal?.addEventListener("
            + "'abort', () => no(options.signal.reason)))");

    open("2dead");
    page.until("#details-note", "Loading");
    open("2env");
    page.until("#timeline", "Entered CONFIGURED");

    page.script("window.patience = 100");
    open("2dead");
    page.until("#details-note", "The relay does not answer");
  }

  @Test
  void asksForATimelineOnceASecondAtMostAndShowsTheLastChange() {
    web.running("2env", 7, true, "ITS");
    page.look(web);
    page.until("#environment-rows", "2env");
    answerInstead("", "(asked.push(performance.now()), realFetch(path, options))");
    page.script("window.asked = []");
    open("2env");
    page.until("#timeline > li:first-child", "pending");

    for (int change = 0; change < 30; change++) {
      web.configured("2other" + change, true, "TPC");
      page.until("#environment-rows", "2other" + change);
    }
    web.apply(new Command.Delivered(web.state.outbox().next() - 1));
    page.until("#timeline > li:first-child", "published");

    assertThat(page.script("return asked.length > 1")).isEqualTo(true);
    assertThat(page.script("return asked.filter((at, i) => at - asked[i - 1] < 900)"))
        .isEqualTo(List.of());
  }

  @Test
  void showsWhatReadersGetOfEachRun() {
    web.running("2env", 7, true, "ITS").running("2off", 8, false, "TPC");
    page.look(web);
    page.until("#environment-rows", "2env");

    open("2env");
    page.until("#reader-rows", "pending");
    assertThat(page.text("#reader-rows")).contains("7", "it is running");
    web.apply(new Command.Delivered(web.state.outbox().next() - 1));
    page.until("#reader-rows", "published");
    assertThat(page.brokenRules()).isEmpty();
    page.picture("readers", 400, 844, "light");
    page.picture("readers", 1_400, 900, "dark");

    open("2off");
    page.until("#reader-rows", "nothing: off");
    page.script("location.hash = ''");
  }

  @Test
  void saysOfWhichRunAnEndIsThatWasNotSaidToCome() {
    web.running("2env", 7, true, "ITS");
    web.apply(
        web.event("2env", EventType.OBSERVED)
            .state(State.RUNNING)
            .runNumber(8L)
            .observed(true)
            .build());
    page.look(web);
    page.until("#environment-rows", "2env");

    open("2env");
    page.until("#reader-rows tr:nth-child(2)", "7");
    assertThat(page.text("#reader-rows tr:nth-child(2)")).doesNotContain("not seen");
    page.until("#reader-rows tr:nth-child(1)", "it is running");
    page.until("#timeline > li:first-child .messages", "Of run 7");
    page.until("#details-publish", "Workflow not known.");
    page.script("location.hash = ''");
  }

  @Test
  void saysOfEachMessageOfARunBehindAGapWhatIsKnownOfIt() {
    web.running("2told", 7, true, "ITS").settings(PublishingSettings.NONE);
    web.apply(
        web.event("2told", EventType.LEAVING).transition(Transition.STOP_ACTIVITY).build(),
        web.event("2told", EventType.ENTERED).transition(Transition.STOP_ACTIVITY).build());
    web.running("2on", 8, true, "TPC").running("2over", 9, true, "TRD");
    web.apply(web.event("2over", EventType.ENTERED).transition(Transition.STOP_ACTIVITY).build());
    page.look(web);
    page.until("#environment-rows", "2over");

    open("2told");
    page.until("#reader-rows", "late: goes out once publishing is on again");
    assertThat(page.text("#reader-rows")).doesNotContain("if the run is still on");
    open("2on");
    page.until(
        "#reader-rows", "late: goes out once publishing is on again, if the run is still on");
    page.until("#timeline", "Late: goes out once publishing is on again, if the run is still on");
    open("2over");
    page.until("#reader-rows", "not published: the whole run fell in a time without publishing");
    assertThat(page.brokenRules()).isEmpty();
    page.picture("gap", 400, 844, "dark");
    page.picture("gap", 1_400, 900, "light");

    web.settings(RunningWeb.PLUGIN_ON);
    open("2told");
    page.until("#reader-rows", "pending late");
    web.apply(new Command.Delivered(web.state.outbox().next() - 1));
    page.until("#reader-rows", "published late");
    page.script("location.hash = ''");
  }

  @Test
  void showsATimeBeyondEveryDateAsTheNumberItIs() {
    web.apply(
        EnvironmentEvent.builder("2far", EventType.CREATED, BEYOND_EVERY_DATE)
            .eventId("far")
            .detectors(List.of("ITS"))
            .kafkaEnabled(true)
            .build());
    page.look(web);
    page.until("#environment-rows .since", BEYOND_EVERY_DATE + " ms after 1970");

    open("2far");
    page.until("#timeline time", BEYOND_EVERY_DATE + " ms after 1970");
    assertThat(page.element("#timeline time").getDomAttribute("datetime")).isNull();
  }
}
