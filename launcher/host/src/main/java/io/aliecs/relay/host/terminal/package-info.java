/** What people see of a command, whatever its width, colours and what strangers have sent. */
package io.aliecs.relay.host.terminal;
