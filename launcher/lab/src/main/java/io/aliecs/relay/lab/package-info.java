/** What tries the relay out and breaks it. Above the host, and in no production artefact. */
package io.aliecs.relay.lab;
