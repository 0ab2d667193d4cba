/**
 * Control hosts: processes, each with a network and a clock of its own where a fault needs them.
 */
package io.aliecs.relay.lab.verify.hosts;
