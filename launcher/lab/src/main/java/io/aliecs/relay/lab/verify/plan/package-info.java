/** What a verification is to do. */
package io.aliecs.relay.lab.verify.plan;
