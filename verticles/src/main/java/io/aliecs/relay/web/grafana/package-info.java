/** What dashboards ask in the language of InfluxDB 1. */
package io.aliecs.relay.web.grafana;
