/** The newest state of this host, and how its other verticles are. */
package io.aliecs.relay.web.state;
