package io.medallion.core.manifest;

/** A file that was received: its content identifies it in the manifest. */
public sealed interface ReceivedFile extends ManifestFile permits FileLanding, Rejection {

  SourceFile source();

  @Override
  ReceivedFile withLandingSeq(long number);

  @Override
  default String sourceUri() {
    return source().uri();
  }

  @Override
  default long sizeBytes() {
    return source().sizeBytes();
  }

  /** Of the bytes received. */
  default String contentSha256() {
    return source().sha256();
  }
}
