/** What the parts of a host tell about themselves, for health, page and API. */
package io.aliecs.relay.bus.status;
