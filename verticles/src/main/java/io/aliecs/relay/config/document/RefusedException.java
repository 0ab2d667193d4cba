package io.aliecs.relay.config.document;

/** Carries a refusal out of the depths of the parser; never leaves this room. */
final class RefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient SettingsViolation refusal;

  RefusedException(SettingsViolation refusal) {
    super(refusal.sentence(), null, false, false);
    this.refusal = refusal;
  }

  SettingsViolation refusal() {
    return refusal;
  }
}
