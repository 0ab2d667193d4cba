/** The journal's folder: whose it is, and what in it can be trusted. */
package io.aliecs.relay.journal.disk;
