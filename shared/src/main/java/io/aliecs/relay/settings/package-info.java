/** The settings of each part of the relay as validated records. */
package io.aliecs.relay.settings;
