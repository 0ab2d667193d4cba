package io.aliecs.relay.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class FailureKindTest {

  @Test
  void aFailureIsOfTheKindOfItsFirstCauseThatHasOne() {
    assertThat(kind(new ExplainedException("no such name", new UnknownHostException("x"))))
        .isEqualTo(FailureKind.ADDRESS);
    assertThat(kind(new ConfigException("acks", "x"))).isEqualTo(FailureKind.SETTING);
    assertThat(kind(new SslAuthenticationException("no"))).isEqualTo(FailureKind.AUTHENTICATION);
    assertThat(kind(new TopicAuthorizationException("no"))).isEqualTo(FailureKind.AUTHORIZATION);
    assertThat(kind(new ProducerFencedException("no"))).isEqualTo(FailureKind.FENCED);
    assertThat(kind(new TimeoutException("late"))).isEqualTo(FailureKind.TIMEOUT);
    assertThat(kind(new CoordinatorNotAvailableException("no"))).isEqualTo(FailureKind.BROKER);
    assertThat(kind(new IllegalStateException("a bug"))).isEqualTo(FailureKind.OTHER);
  }

  private static FailureKind kind(Exception cause) {
    return FailureKind.of(new IllegalStateException("step", new KafkaException(cause)));
  }
}
