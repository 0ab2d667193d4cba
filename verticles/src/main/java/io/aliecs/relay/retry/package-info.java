/** How long to wait before the next try, the same for every verticle. */
package io.aliecs.relay.retry;
