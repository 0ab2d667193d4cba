/** Health and metrics. */
package io.aliecs.relay.web.management;
