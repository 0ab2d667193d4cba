package io.aliecs.relay.testkit.junit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has every {@code await()} of a test wait a minute where it names no limit of its own: how long it
 * takes says how busy the machine is, and nothing of the product. JUnit finds it by itself.
 */
public final class PatientAwaits implements BeforeAllCallback {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultTimeout(LIMIT);
  }
}
