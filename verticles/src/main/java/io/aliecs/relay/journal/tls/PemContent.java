package io.aliecs.relay.journal.tls;

import io.vertx.core.buffer.Buffer;

/** What is in the three files, as they were read together. */
record PemContent(Buffer certificate, Buffer key, Buffer authority) {}
