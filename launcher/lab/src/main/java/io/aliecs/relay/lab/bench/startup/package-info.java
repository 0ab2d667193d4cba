/** How long the relay takes to start, as what is installed is started. */
package io.aliecs.relay.lab.bench.startup;
