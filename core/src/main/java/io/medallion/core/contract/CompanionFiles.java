package io.medallion.core.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;

/** Files that a contract names, beside the contract's own; caches what was read. */
final class CompanionFiles {
  private final Optional<Path> directory;
  private final TreeMap<String, byte[]> read = new TreeMap<>();

  /**
   * @param directory the contract file's; absent where the contract is no file
   */
  CompanionFiles(Optional<Path> directory) {
    this.directory = directory;
  }

  /**
   * Returns the file's bytes.
   *
   * @throws IOException where there is no such file, or it cannot be read
   */
  byte[] read(String name) throws IOException {
    if (directory.isEmpty()) {
      throw new IOException("the contract was not read from a folder");
    }
    byte[] bytes = Files.readAllBytes(directory.get().resolve(name));
    read.put(name, bytes);
    return bytes;
  }

  /** Returns the digest of {@code contract} and of every file that was read for it. */
  String digestWith(byte[] contract) {
    if (read.isEmpty()) {
      return io.medallion.core.Digest.sha256(contract);
    }
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    all.writeBytes(contract);
    read.values().forEach(all::writeBytes);
    return io.medallion.core.Digest.sha256(all.toByteArray());
  }
}
