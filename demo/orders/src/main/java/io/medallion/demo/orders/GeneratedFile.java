package io.medallion.demo.orders;

import java.util.Optional;

/**
 * One written file.
 *
 * @param path its path below the output directory, with {@code /} between names
 * @param records its data records, faulty ones included; 0 for a repeated file, which lands no
 *     second time
 * @param faults how many of them are faulty
 * @param bytes its size
 * @param repeatOf path of the earlier file with the same bytes, if there is one
 */
public record GeneratedFile(
    String path, long records, long faults, long bytes, Optional<String> repeatOf) {

  public GeneratedFile {
    if (faults > records) {
      throw new IllegalArgumentException(
          "%s has %d faults in %d records".formatted(path, faults, records));
    }
    if (repeatOf.isPresent() && records != 0) {
      throw new IllegalArgumentException(path + " is repeated, yet counts " + records + " records");
    }
  }
}
