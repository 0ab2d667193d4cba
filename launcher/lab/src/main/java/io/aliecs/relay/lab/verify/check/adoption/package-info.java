/** Judges what readers got where events of the stream were lost, by what the core knew. Pure. */
package io.aliecs.relay.lab.verify.check.adoption;
