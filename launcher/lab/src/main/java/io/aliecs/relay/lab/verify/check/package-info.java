/** Compares what readers have with what is demanded. Pure. */
package io.aliecs.relay.lab.verify.check;
