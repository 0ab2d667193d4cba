package io.aliecs.relay.host.hosts;

import io.aliecs.relay.host.api.ChangeOptions;
import io.aliecs.relay.host.api.RelayApi;
import io.aliecs.relay.settings.ClusterHost;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The part of a relay's HTTP interface that tells and changes the hosts. Every method blocks. */
final class HostsApi {
  private static final String CLUSTER = "/api/v1/cluster";
  private static final String HOSTS = CLUSTER + "/hosts";

  /** A new host gets the whole journal first. */
  private static final Duration TIMEOUT = Duration.ofSeconds(150);

  private final RelayApi relay;

  /** The interface of the relay that is meant. */
  HostsApi(ChangeOptions options) {
    this.relay = options.api(TIMEOUT);
  }

  /** The cluster as that host knows it. */
  JsonObject cluster() throws IOException, InterruptedException {
    return relay.get(CLUSTER);
  }

  JsonObject add(ClusterHost host, @Nullable String replaces)
      throws IOException, InterruptedException {
    JsonObject body = new JsonObject().put("id", host.id()).put("address", host.address());
    if (replaces != null) {
      body.put("replaces", replaces);
    }
    return relay.post(HOSTS, body);
  }

  JsonObject remove(String id) throws IOException, InterruptedException {
    return relay.delete(HOSTS + "/" + RelayApi.part(id));
  }
}
