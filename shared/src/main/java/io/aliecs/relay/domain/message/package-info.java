/**
 * What is published: the messages of a change, their topics and names, the entries in which they
 * wait, and the settings that decide whether and where to.
 */
package io.aliecs.relay.domain.message;
