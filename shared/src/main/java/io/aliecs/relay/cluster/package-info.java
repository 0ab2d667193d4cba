/** The clustered event bus of the control hosts, and how other Vert.x applications join it. */
package io.aliecs.relay.cluster;
