package io.aliecs.relay.web.page;

import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Replies;
import io.aliecs.relay.web.http.Routes;

/** The page for people. For one event loop. */
public final class PageRoutes implements Feature {
  private final Page page;
  private final Replies replies;

  public PageRoutes(Page page, Replies replies) {
    this.page = page;
    this.replies = replies;
  }

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
