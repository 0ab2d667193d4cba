/** Certificates of control hosts, reread while everything runs. */
package io.aliecs.relay.tls;
