package io.medallion.bronze;

import io.medallion.core.manifest.FileLanding;
import io.medallion.core.manifest.Rejection;

/** What became of one source file. */
public sealed interface Outcome {

  /** Where the file came from. */
  String sourceUri();

  /** It landed and is new. */
  record Landed(FileLanding file) implements Outcome {
    @Override
    public String sourceUri() {
      return file.sourceUri();
    }
  }

  /** It cannot be this feed's; its bytes are in the feed's folder of rejected files. */
  record Rejected(Rejection file) implements Outcome {
    @Override
    public String sourceUri() {
      return file.sourceUri();
    }

    /** Why. */
    public String reason() {
      return file.reason();
    }
  }

  /** The same bytes are in the manifest already, whatever the file was called then. */
  record Repeated(String sourceUri, String fileId, boolean landedBefore) implements Outcome {}

  /** It was being written while it was read; it lands when it is named again and at rest. */
  record Deferred(String sourceUri, String reason) implements Outcome {}

  /** It is none that a feed takes from a folder, such as a symbolic link. */
  record Skipped(String sourceUri, String reason) implements Outcome {}

  /** It could not be read. */
  record Failed(String sourceUri, String reason) implements Outcome {}
}
