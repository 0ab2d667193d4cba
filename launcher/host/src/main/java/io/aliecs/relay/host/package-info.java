/** The command line, and the wiring of the verticles. */
package io.aliecs.relay.host;
