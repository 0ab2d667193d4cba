/** From what is accepted, or what AliECS writes, to what a reader of the topics has. */
package io.aliecs.relay.lab.bench.delivery;
