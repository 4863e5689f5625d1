package io.medallion.core.s3;

import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3Client;
import io.medallion.core.LakeException;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.S3AFileSystem;

/** An object's place, with S3A's file system and the client that S3A made for the bucket. */
record S3Location(Path path, S3AFileSystem fileSystem, AmazonS3 client) {
  private static final Map<S3AFileSystem, AmazonS3> CLIENTS =
      Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * Looks a path up.
   *
   * @throws LakeException where S3A is not what serves the path
   */
  static S3Location of(Path path, Configuration hadoop) throws IOException {
    FileSystem fileSystem = path.getFileSystem(hadoop);
    if (!(fileSystem instanceof S3AFileSystem s3a)) {
      throw new LakeException(
          path + " is served by " + fileSystem.getClass().getName() + ", not by S3A",
          "name buckets as s3a://BUCKET/…");
    }
    // S3A gives its client out with a warning in the log: once is enough.
    return new S3Location(
        path,
        s3a,
        CLIENTS.computeIfAbsent(
            s3a, fs -> fs.getAmazonS3ClientForTesting("conditional writes, bucket settings")));
  }

  String bucket() {
    return fileSystem.getBucket();
  }

  String key() {
    return fileSystem.pathToKey(path);
  }

  /** The place beside this one. */
  S3Location sibling(String name) {
    return new S3Location(new Path(path.getParent(), name), fileSystem, client);
  }

  /** Where the bucket's requests go, for messages. */
  String endpoint() {
    return client instanceof AmazonS3Client known
        ? known.getResourceUrl(bucket(), "").replaceAll("/+$", "")
        : "s3://" + bucket();
  }
}
