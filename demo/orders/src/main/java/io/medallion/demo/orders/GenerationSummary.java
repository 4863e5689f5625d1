package io.medallion.demo.orders;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a generation has written.
 *
 * @param out the output directory
 * @param orders the base files in landing order, which is the order of their paths
 * @param increment the increment file, if one was asked for
 * @param rejectedSamples files that no feed can take, in the order of their paths
 * @param truth directory with the truth of the base files, if one was asked for
 * @param truthWithIncrement directory with the truth of base files and increment, if both were
 *     asked for
 */
public record GenerationSummary(
    Path out,
    List<GeneratedFile> orders,
    Optional<GeneratedFile> increment,
    List<Path> rejectedSamples,
    Optional<Path> truth,
    Optional<Path> truthWithIncrement) {

  public GenerationSummary {
    orders = List.copyOf(orders);
    rejectedSamples = List.copyOf(rejectedSamples);
  }

  /** Records of all files, the increment's included; those of repeated files do not count. */
  public long records() {
    return files().mapToLong(GeneratedFile::records).sum();
  }

  /** Faulty records of all files, the increment's included. */
  public long faults() {
    return files().mapToLong(GeneratedFile::faults).sum();
  }

  /** Bytes of all files, the increment's and the repeated ones included. */
  public long bytes() {
    return files().mapToLong(GeneratedFile::bytes).sum();
  }

  private Stream<GeneratedFile> files() {
    return Stream.concat(orders.stream(), increment.stream());
  }
}
