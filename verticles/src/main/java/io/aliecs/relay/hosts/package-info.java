/** Who belongs to the cluster: joining, being added and removed, catching up, certificates. */
package io.aliecs.relay.hosts;
