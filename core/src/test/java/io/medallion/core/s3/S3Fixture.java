package io.medallion.core.s3;

import io.medallion.testkit.s3.FaultProxy;
import io.medallion.testkit.s3.S3Server;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A bucket of its own for each test on one server, through a proxy that can break requests. */
final class S3Fixture implements AutoCloseable {
  private static final S3Server SERVER = S3Server.start();

  final String bucket = "b-" + UUID.randomUUID();
  final FaultProxy proxy;
  final Configuration hadoop;
  private final S3Server server;

  private S3Fixture(S3Server server) {
    this.server = server;
    this.proxy = FaultProxy.inFrontOf(server.endpoint());
    server.createBucket(bucket);
    this.hadoop = hadoop(server, bucket, proxy);
  }

  static S3Fixture open() {
    return new S3Fixture(SERVER);
  }

  /** On a server that lets the proxy change headers. */
  static S3Fixture openUnsigned() {
    return new S3Fixture(S3Server.startWithoutAuthentication());
  }

  private static Configuration hadoop(S3Server server, String bucket, FaultProxy proxy) {
    Configuration hadoop = new Configuration();
    S3Settings.DEFAULTS.stream()
        .filter(setting -> setting.key().startsWith("spark.hadoop."))
        .forEach(s -> hadoop.set(s.key().substring("spark.hadoop.".length()), s.value()));
    server.hadoopSettings(bucket, proxy.endpoint()).forEach(hadoop::set);
    // Loopback answers at once; what does not answer was told not to.
    hadoop.set("fs.s3a.retry.interval", "20ms");
    return hadoop;
  }

  Path path(String key) {
    return new Path("s3a://" + bucket + "/" + key);
  }

  @Override
  public void close() {
    proxy.close();
    server.deleteBucket(bucket);
    if (server != SERVER) {
      server.close();
    }
  }
}
