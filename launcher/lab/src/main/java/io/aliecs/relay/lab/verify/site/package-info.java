/** The test bed: brokers, Consul, control hosts, readers, and who asks for repetitions. */
package io.aliecs.relay.lab.verify.site;
