/** What is measured, and how it is kept and drawn. */
package io.aliecs.relay.lab.bench.figures;
