package io.aliecs.relay.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.proto.journal.Settings;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Settings in a journal that was written before the stream had brokers of its own. */
class SettingsRecordTest {

  @Test
  void theStreamOfAnOlderRecordIsWhereItsMessagesGo() {
    Settings older =
        Settings.newBuilder().setPluginEnabled(true).addBootstrapServers("a:1").build();
    assertThat(CommandRecords.read(older))
        .isEqualTo(new PublishingSettings(true, List.of("a:1"), false, 0, 0));
  }
}
