/** What the API serves, as JSON: pure functions of a snapshot of the state. */
package io.aliecs.relay.web.api.json;
