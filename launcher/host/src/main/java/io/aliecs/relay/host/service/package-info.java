/** {@code relay run}: a control host, from its start to its end. */
package io.aliecs.relay.host.service;
