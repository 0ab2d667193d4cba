/**
 * What the values of the two keys mean: the YAML document that is shared with AliECS, read as
 * AliECS reads it, and the text of {@code kafka_enabled}. Pure.
 */
package io.aliecs.relay.config.document;
