/**
 * The replicated journal that the state lives in. It is Apache Ratis; nothing outside this package
 * and those below it knows.
 */
package io.aliecs.relay.journal;
