package io.aliecs.relay.publisher.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.Trace;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.OutboxMessage.ActiveRuns;
import io.aliecs.relay.domain.message.TopicNames;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class RecordMapperTest {
  private static final OutboxEntry ENTRY =
      new OutboxEntry(1, 1, "2env", "an event", 5, 5, List.of(ActiveRuns.UNCHANGED));

  private static Header traceParent(boolean traced) {
    RecordMapper mapper =
        new RecordMapper(TopicNames.USUAL, "journal", 1, false, traced, List.of(), 0);
    return mapper.map(List.of(ENTRY)).records().get(0).record().headers().lastHeader("traceparent");
  }

  @Test
  void aRecordNamesItsTraceOnlyWhereTracesAreMade() {
    assertThat(traceParent(false)).isNull();
    assertThat(new String(traceParent(true).value(), StandardCharsets.US_ASCII))
        .isEqualTo(Trace.of("an event", "2env").parent())
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
  }
}
