/** {@code relay forget}: ends an environment that AliECS has forgotten. */
@org.jspecify.annotations.NullMarked
package io.aliecs.relay.host.forget;
