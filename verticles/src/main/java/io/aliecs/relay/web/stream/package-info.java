/** The live stream of changes (server-sent events). */
package io.aliecs.relay.web.stream;
