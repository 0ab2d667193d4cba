package io.aliecs.relay.host.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonLogTest {
  @Test
  void aLineIsOneObjectWithWhatItIsAboutAsFields() {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    JsonEncoder encoder = JsonLog.encoder(context);
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(written);
    appender.start();
    Logger log = context.getLogger("there");
    log.addAppender(appender);

    log.atWarn()
        .setCause(new IllegalStateException("gone"))
        .addKeyValue("environment", "2env\n\"\u001b[2J")
        .addKeyValue("run", 4_294_967_295L)
        .log("environment {} has ended", "2env\n\"");

    String text = written.toString(StandardCharsets.UTF_8);
    assertThat(text).endsWith("\n").containsOnlyOnce("\n").doesNotContain("\u001b");
    JsonObject line = new JsonObject(text);
    assertThat(line.getString("level")).isEqualTo("WARN");
    assertThat(line.getString("loggerName")).isEqualTo("there");
    assertThat(line.getString("formattedMessage")).isEqualTo("environment 2env\n\" has ended");
    assertThat(line.getLong("timestamp")).isPositive();
    assertThat(line.getJsonArray("kvpList").encode())
        .contains("\"environment\":\"2env", "\"run\":\"4294967295\"");
    assertThat(line.getJsonObject("throwable").getString("message")).isEqualTo("gone");
    assertThat(line.fieldNames()).doesNotContain("context", "arguments", "mdc", "sequenceNumber");
  }
}
