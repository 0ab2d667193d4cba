/** What listens: address, certificate, connections and who may ask, whatever is served. */
package io.aliecs.relay.web.server;
