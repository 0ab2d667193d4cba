package io.aliecs.relay.web;

import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.settings.EffectiveSetting;
import io.aliecs.relay.web.api.Activity;
import io.aliecs.relay.web.api.ApiRoutes;
import io.aliecs.relay.web.api.ChangeRoutes;
import io.aliecs.relay.web.api.ClusterRoutes;
import io.aliecs.relay.web.api.EndRoutes;
import io.aliecs.relay.web.api.ParkedRoutes;
import io.aliecs.relay.web.api.ResendRoutes;
import io.aliecs.relay.web.api.Schema;
import io.aliecs.relay.web.api.SchemaRoutes;
import io.aliecs.relay.web.api.TransitionRoutes;
import io.aliecs.relay.web.grafana.GrafanaRoutes;
import io.aliecs.relay.web.http.Audit;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Replies;
import io.aliecs.relay.web.page.Page;
import io.aliecs.relay.web.page.PageRoutes;
import io.aliecs.relay.web.state.StateFeed;
import io.aliecs.relay.web.stream.RunStream;
import io.aliecs.relay.web.stream.StreamRoutes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;

/** What the API and the page are made of, with the documents that are read for them. */
record Features(Vertx vertx, Page page, Schema schema) {

  static Future<Features> read(Vertx vertx) {
    Future<Page> page = Page.read(vertx);
    Future<Schema> schema = Schema.read(vertx);
    return Future.all(page, schema)
        .map(read -> new Features(vertx, page.result(), schema.result()));
  }

  ApiRoutes api(
      StateFeed feed,
      Replies replies,
      List<EffectiveSetting> settings,
      Activity activity,
      InstantSource clock) {
    return new ApiRoutes(vertx, feed, replies, schema.openApi(), settings, activity, clock);
  }

  /** In the order in which they are asked whether a path is theirs. */
  List<Feature> all(
      ApiRoutes api,
      StateFeed feed,
      RunStream runs,
      Replies replies,
      Audit audit,
      InstantSource clock) {
    JournalClient journal = new JournalClient(vertx);
    return List.of(
        new StreamRoutes(feed, runs, replies),
        api,
        new ParkedRoutes(journal, feed, replies, clock),
        new EndRoutes(journal, feed, replies, clock),
        new ResendRoutes(journal, replies, clock),
        new ClusterRoutes(vertx, replies),
        new ChangeRoutes(audit, replies),
        new TransitionRoutes(vertx, replies),
        new SchemaRoutes(schema, replies),
        new GrafanaRoutes(feed, replies),
        new PageRoutes(page, replies));
  }
}
