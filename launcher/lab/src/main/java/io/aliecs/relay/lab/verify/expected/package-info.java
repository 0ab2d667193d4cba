/** What the contract demands of a load, written apart from the rules of the relay. */
package io.aliecs.relay.lab.verify.expected;
