package io.aliecs.relay.web.page;

import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Replies;
import io.aliecs.relay.web.http.Routes;

/** The page for people. For one event loop. */
public record PageRoutes(Page page, Replies replies) implements Feature {

  @Override
  public void mount(Routes routes) {
    for (Page.Asset asset : page.assets()) {
      routes.read(
          asset.route(),
          context ->
              replies.asset(context.request(), asset.route(), asset.mediaType(), asset.document()));
    }
  }
}
