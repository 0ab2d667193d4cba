/** Where settings come from: file, environment and flags. */
package io.aliecs.relay.host.settings;
