/** What AliECS writes meanwhile. */
package io.aliecs.relay.lab.verify.load;
