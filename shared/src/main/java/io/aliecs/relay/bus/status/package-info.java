/** What the parts of a host report about themselves, for health, page and API. */
package io.aliecs.relay.bus.status;
