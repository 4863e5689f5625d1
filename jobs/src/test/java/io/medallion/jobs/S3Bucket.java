package io.medallion.jobs;

import io.medallion.core.s3.S3Settings;
import io.medallion.testkit.LocalSession;
import io.medallion.testkit.s3.FaultProxy;
import io.medallion.testkit.s3.S3Server;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** A bucket that the shared session reaches through a proxy that can break requests. */
record S3Bucket(String name, FaultProxy proxy) implements AutoCloseable {
  private static final S3Server SERVER = S3Server.start();

  static S3Bucket open() {
    String name = "lake-" + UUID.randomUUID();
    FaultProxy proxy = FaultProxy.inFrontOf(SERVER.endpoint());
    SERVER.createBucket(name);
    Configuration hadoop = hadoop();
    for (S3Settings.Setting setting : S3Settings.DEFAULTS) {
      if (setting.key().startsWith("spark.hadoop.")) {
        hadoop.set(setting.key().substring("spark.hadoop.".length()), setting.value());
      }
    }
    SERVER.hadoopSettings(name, proxy.endpoint()).forEach(hadoop::set);
    return new S3Bucket(name, proxy);
  }

  /** Hadoop's settings for the bucket, for other processes. */
  Map<String, String> settings() {
    return SERVER.hadoopSettings(name, proxy.endpoint());
  }

  FileSystem fileSystem() throws IOException {
    return new org.apache.hadoop.fs.Path(uri("")).getFileSystem(hadoop());
  }

  private static Configuration hadoop() {
    return LocalSession.shared().sparkContext().hadoopConfiguration();
  }

  String uri(String key) {
    return "s3a://" + name + "/" + key;
  }

  TestLake lake() {
    return new TestLake(uri("lake"));
  }

  /** Copies a local file or folder to a key. */
  String upload(Path local, String key) throws IOException {
    org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(uri(key));
    fileSystem().copyFromLocalFile(new org.apache.hadoop.fs.Path(local.toUri()), target);
    return uri(key);
  }

  @Override
  public void close() {
    proxy.close();
    SERVER.deleteBucket(name);
  }
}
