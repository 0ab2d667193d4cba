/**
 * The state machine of environments as a verticle, with the replicated journal it lives in. The
 * journal is Apache Ratis; nothing outside this package knows.
 */
package io.aliecs.relay.environment;
