/** HTTP and the live stream. */
package io.aliecs.relay.lab.bench.web;
