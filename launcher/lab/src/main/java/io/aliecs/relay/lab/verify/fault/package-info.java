/** What is broken, and how. */
package io.aliecs.relay.lab.verify.fault;
