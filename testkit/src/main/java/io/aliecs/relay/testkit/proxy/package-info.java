/** Breaks, delays and cuts connections. */
package io.aliecs.relay.testkit.proxy;
