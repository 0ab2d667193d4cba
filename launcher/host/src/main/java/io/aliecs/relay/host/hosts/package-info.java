/** {@code relay hosts}: who belongs to the cluster, and changes of it. */
@org.jspecify.annotations.NullMarked
package io.aliecs.relay.host.hosts;
