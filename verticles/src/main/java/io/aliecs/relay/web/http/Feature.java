package io.aliecs.relay.web.http;

/** Something that a server offers: it adds its routes. */
@FunctionalInterface
public interface Feature {
  void mount(Routes routes);
}
