/** The YAML document that is shared with AliECS, read as AliECS reads it. Pure. */
package io.aliecs.relay.config.document;
