/**
 * Lives of environments as AliECS reports them on its event stream. What an environment does and
 * what AliECS writes about it is pure ({@link io.aliecs.relay.lab.simulate.events.AliEcsEvents},
 * {@link io.aliecs.relay.lab.simulate.events.EnvironmentLife}); {@link
 * io.aliecs.relay.lab.simulate.Simulation} writes it to Kafka and {@link
 * io.aliecs.relay.lab.simulate.SimulateCommand} is its command line.
 */
package io.aliecs.relay.lab.simulate;
