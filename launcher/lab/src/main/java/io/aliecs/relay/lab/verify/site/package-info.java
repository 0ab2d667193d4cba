/** Brokers, Consul, hosts, their network and clock: processes of their own. */
package io.aliecs.relay.lab.verify.site;
