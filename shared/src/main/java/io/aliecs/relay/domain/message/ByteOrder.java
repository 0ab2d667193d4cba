package io.aliecs.relay.domain.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** The order of strings by the unsigned bytes of their UTF-8 form, as Go sorts them. */
final class ByteOrder {
  static final Comparator<String> UTF_8 =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private ByteOrder() {}
}
