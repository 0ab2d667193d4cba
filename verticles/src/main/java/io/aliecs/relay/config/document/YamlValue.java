package io.aliecs.relay.config.document;

import java.util.List;
import java.util.Optional;

/**
 * A value of a YAML document and where it begins. An alias is the value that it stands for, so that
 * one value can be in several places; never inside itself.
 */
sealed interface YamlValue {

  /** Where a value begins, both from 1. */
  record Position(int line, int column) {}

  /**
   * How large it is when each alias is written out.
   *
   * @param values how many values, itself counted
   * @param levels how many levels, its own counted
   */
  record Extent(long values, int levels) {

    static final Extent ONE = new Extent(1, 1);

    /** Of a collection of these. */
    static Extent around(List<YamlValue> inside) {
      long values = 1;
      int levels = 0;
      for (YamlValue value : inside) {
        values += value.extent().values();
        levels = Math.max(levels, value.extent().levels());
      }
      return new Extent(values, levels + 1);
    }
  }

  Position position();

  Extent extent();

  /**
   * A single value.
   *
   * @param text what is written, escapes resolved
   * @param plain whether it is written without quotes, so that it may mean a number or nothing
   * @param tag its tag, written out, when it has one
   */
  record Scalar(String text, boolean plain, Optional<String> tag, Position position)
      implements YamlValue {
    @Override
    public Extent extent() {
      return Extent.ONE;
    }
  }

  /** A list. */
  record Sequence(List<YamlValue> items, Extent extent, Position position) implements YamlValue {}

  /**
   * A mapping.
   *
   * @param inside each key followed by its value
   */
  record Mapping(List<YamlValue> inside, Extent extent, Position position) implements YamlValue {}
}
