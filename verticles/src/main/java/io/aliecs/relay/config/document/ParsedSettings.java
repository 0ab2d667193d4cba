package io.aliecs.relay.config.document;

/** What came of judging a document: it was understood, or it was refused for one clear reason. */
public sealed interface ParsedSettings {

  /** The document was understood. */
  record Accepted(SettingsDocument document) implements ParsedSettings {}

  /** The document was not understood; nothing of it may be used. */
  record Refused(SettingsViolation refusal) implements ParsedSettings {}
}
