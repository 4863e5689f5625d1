package io.medallion.bronze;

import java.io.IOException;
import java.io.InputStream;

/**
 * A file to land: one of a folder, or one of an archive.
 *
 * @param uri where it came from; of an archive's the archive's, {@code !/} and the entry's path
 * @param name its name without folders
 */
record Delivery(String uri, String name, Content content) {

  /** Gives the bytes anew each time. */
  interface Content {
    InputStream open() throws IOException;
  }
}
