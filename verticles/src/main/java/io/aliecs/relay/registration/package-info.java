/** This host as a service in Consul's catalogue. */
package io.aliecs.relay.registration;
