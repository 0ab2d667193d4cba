/** What the API tells, as JSON: pure functions of a snapshot of the state. */
package io.aliecs.relay.web.api.json;
