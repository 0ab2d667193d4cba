/** The topics that the publisher writes to: made where they are missing, and looked at. */
package io.aliecs.relay.publisher.topics;
