/** What tests share: JUnit's extensions, for nothing but tests. */
@NullMarked
package io.aliecs.relay.testkit.junit;

import org.jspecify.annotations.NullMarked;
