/** Servers, their limits and routes, and how every answer is sent. */
package io.aliecs.relay.web.http;
