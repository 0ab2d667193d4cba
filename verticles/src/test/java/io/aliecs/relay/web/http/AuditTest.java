package io.aliecs.relay.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.aliecs.relay.web.RunningWeb;
import io.vertx.core.json.JsonArray;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Each change leaves one line that says what, who, from where and how it ended. */
class AuditTest {
  private static final String[] ALLOWED = {"Authorization", "Bearer " + RunningWeb.TOKEN};

  @TempDir Path folder;
  private final Logger audit = (Logger) LoggerFactory.getLogger("audit");
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
        }
      };
  private RunningWeb web;

  @BeforeEach
  void open() {
    appender.start();
    audit.addAppender(appender);
    web = RunningWeb.withToken(folder);
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 7, true, "ITS");
  }

  @AfterEach
  void close() {
    web.close();
    audit.detachAppender(appender);
  }

  @Test
  void eachChangeHasItsLineAlsoWhenItFails() {
    web.post("/api/v1/environments/2env/end", "{\"by\": \"anna\\nroot\"}", ALLOWED);
    web.post("/api/v1/parked/resend", "", ALLOWED);
    web.post("/api/v1/cluster/hosts", "{\"id\": \"x\", \"address\": \"127.0.0.1:1\"}", ALLOWED);
    web.send("DELETE", web.web.listening().port(), "/api/v1/cluster/hosts/x", ALLOWED);
    await().until(() -> lines.size() == 4);
    assertThat(lines.get(0))
        // no journal behind this one
        .isEqualTo("POST \"/api/v1/environments/2env/end\" from 127.0.0.1 by \"anna?root\": 503");
    assertThat(lines.get(1)).startsWith("POST \"/api/v1/parked/resend\" from 127.0.0.1: ");
    assertThat(lines.get(2)).startsWith("POST \"/api/v1/cluster/hosts\" from 127.0.0.1");
    assertThat(lines.get(3)).startsWith("DELETE \"/api/v1/cluster/hosts/x\" from 127.0.0.1");
    assertThat(lines).noneMatch(line -> line.contains(RunningWeb.TOKEN));

    JsonArray changes = web.json("/api/v1/changes").getJsonArray("changes");
    assertThat(changes).hasSize(4);
    assertThat(changes.getJsonObject(3).getMap())
        .containsEntry("method", "POST")
        .containsEntry("path", "/api/v1/environments/2env/end")
        .containsEntry("from", "127.0.0.1")
        .containsEntry("by", "anna\nroot")
        .containsEntry("status", 503);
    assertThat(changes.getJsonObject(2).getValue("by")).isNull();
    assertThat(changes.encode()).doesNotContain(RunningWeb.TOKEN);
  }

  @Test
  void showsOnlyTheLastOnes() {
    for (int change = 0; change <= Audit.KEPT; change++) {
      web.send("DELETE", web.web.listening().port(), "/api/v1/cluster/hosts/x" + change, ALLOWED);
    }
    await().until(() -> lines.size() == Audit.KEPT + 1);
    JsonArray changes = web.json("/api/v1/changes").getJsonArray("changes");
    assertThat(changes).hasSize(Audit.KEPT);
    assertThat(changes.getJsonObject(0).getString("path")).endsWith("/x" + Audit.KEPT);
    assertThat(changes.getJsonObject(Audit.KEPT - 1).getString("path")).endsWith("/x1");
  }

  @Test
  void readingAndEventsLeaveNone() {
    web.get("/api/v1/runs");
    web.post("/api/v1/transitions", "{}", ALLOWED);
    web.post("/api/v1/parked/resend", "", ALLOWED);
    await().until(() -> !lines.isEmpty());
    assertThat(lines).singleElement().asString().contains("resend");
    assertThat(web.json("/api/v1/changes").getJsonArray("changes")).hasSize(1);
  }
}
