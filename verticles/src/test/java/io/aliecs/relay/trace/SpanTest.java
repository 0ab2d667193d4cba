package io.aliecs.relay.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.aliecs.relay.domain.aliecs.Trace;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a collector gets, as OpenTelemetry's own definitions read it. */
class SpanTest {
  private static final TraceOptions OPTIONS =
      new TraceOptions("http://127.0.0.1:4318/v1/traces", "relay-1", "1.2.3");

  private static final Pattern IDS =
      Pattern.compile("\"(traceId|spanId|parentSpanId)\":\"([^\"]*)\"");

  private static final Trace TRACE = Trace.of("event 1", "2env");

  /**
   * OTLP has ids in hexadecimal, where the mapping of Protobuf has Base64; all else is as there.
   */
  private static ExportTraceServiceRequest read(JsonObject request)
      throws InvalidProtocolBufferException {
    String mapped =
        IDS.matcher(request.encode())
            .replaceAll(
                id -> {
                  byte[] bytes = HexFormat.of().parseHex(id.group(2));
                  String base64 = Base64.getEncoder().encodeToString(bytes);
                  return "\"" + id.group(1) + "\":\"" + base64 + "\"";
                });
    ExportTraceServiceRequest.Builder read = ExportTraceServiceRequest.newBuilder();
    JsonFormat.parser().merge(mapped, read); // refuses what it does not know
    return read.build();
  }

  private static Map<String, String> texts(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(Collectors.toMap(KeyValue::getKey, one -> one.getValue().getStringValue()));
  }

  @Test
  void isOtlpAsItsOwnDefinitionsHaveIt() throws Exception {
    Map<String, String> about = Map.of("aliecs.environment", "2env\n\"<b>", "aliecs.run", "500001");
    Span event =
        new Span(
            TRACE.id(), TRACE.eventSpan(), "", "event", Span.CONSUMER, 1_000, 1_004, about, "");
    Span publish =
        new Span(
            TRACE.id(),
            TRACE.publishSpan(),
            TRACE.eventSpan(),
            "publish",
            Span.PRODUCER,
            1_004,
            1_795_956_603_310L,
            about,
            "parked: aliecs.env_state.RUNNING: no right to write");

    ResourceSpans all = read(Span.request(OPTIONS, List.of(event, publish))).getResourceSpans(0);

    assertThat(texts(all.getResource().getAttributesList()))
        .isEqualTo(
            Map.of(
                "service.name", "aliecs-relay",
                "service.version", "1.2.3",
                "service.instance.id", "relay-1"));
    assertThat(all.getScopeSpans(0).getScope().getName()).isEqualTo("io.aliecs.relay");
    assertThat(all.getScopeSpans(0).getScope().getVersion()).isEqualTo("1.2.3");
    assertThat(all.getScopeSpans(0).getSpansList())
        .extracting(
            one -> one.getName(),
            one -> one.getKind(),
            one -> one.getStartTimeUnixNano(),
            one -> one.getEndTimeUnixNano(),
            one -> one.getStatus().getCode())
        .containsExactly(
            tuple(
                "event",
                SpanKind.SPAN_KIND_CONSUMER,
                1_000_000_000L,
                1_004_000_000L,
                StatusCode.STATUS_CODE_UNSET),
            tuple(
                "publish",
                SpanKind.SPAN_KIND_PRODUCER,
                1_004_000_000L,
                1_795_956_603_310_000_000L,
                StatusCode.STATUS_CODE_ERROR));
    assertThat(all.getScopeSpans(0).getSpansList())
        .allSatisfy(
            one -> {
              assertThat(one.getTraceId()).isEqualTo(bytes(TRACE.id())).hasSize(16);
              assertThat(one.getSpanId()).hasSize(8);
              assertThat(texts(one.getAttributesList())).isEqualTo(about);
            });
    assertThat(all.getScopeSpans(0).getSpans(0).getParentSpanId()).isEmpty();
    assertThat(all.getScopeSpans(0).getSpans(1).getParentSpanId())
        .isEqualTo(all.getScopeSpans(0).getSpans(0).getSpanId());
    assertThat(all.getScopeSpans(0).getSpans(1).getStatus().getMessage())
        .isEqualTo("parked: aliecs.env_state.RUNNING: no right to write");
  }

  private static ByteString bytes(String hexadecimal) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hexadecimal));
  }
}
