/** Routes, what changes need, and how every answer is sent and counted. */
package io.aliecs.relay.web.http;
