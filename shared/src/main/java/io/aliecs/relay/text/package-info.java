/** Text of strangers, made fit for people. */
package io.aliecs.relay.text;
