/** The API under {@code /api/v1}: documents that are read, and the changes a token allows. */
package io.aliecs.relay.web.api;
