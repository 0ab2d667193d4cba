/** The page for people. */
package io.aliecs.relay.web.page;
