package io.aliecs.relay.domain.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNamesTest {
  static List<String> topics() {
    return Stream.concat(
            Topics.published().stream(), Stream.of(Topics.AFTER_START, Topics.WATERMARK))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("topics")
  void aTopicWithAnotherPrefixIsFoundAgainByItsUsualName(String topic) {
    TopicNames beside = new TopicNames("beside.");
    String inKafka = beside.inKafka(topic);

    assertThat(inKafka).startsWith("beside.").isNotEqualTo(topic);
    assertThat(beside.usual(inKafka)).isEqualTo(topic);
    assertThat(TopicNames.usualOfAny(inKafka)).isEqualTo(topic);
    assertThat(TopicNames.USUAL.inKafka(topic)).isEqualTo(topic);
  }

  @ParameterizedTest
  @ValueSource(strings = {"aliecs.environment", "aliecs.run", "env_state.", "other", ""})
  void whatIsNoneOfTheRelaysKeepsItsName(String topic) {
    assertThat(TopicNames.usualOfAny(topic)).isEqualTo(topic);
  }
}
