package io.medallion.testkit.s3;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * An S3 server in this process: s3proxy on a free port of the loopback interface, its objects in
 * memory.
 *
 * <p>Its libraries are not Spark's. They come from a folder that the build gathers, and live behind
 * a class loader that sees nothing of ours.
 */
public final class S3Server implements AutoCloseable {
  private static final String REGION = "us-east-1";
  private static final String ACCESS_KEY = "medallion";
  private static final String SECRET_KEY = "not-a-secret-on-loopback";

  private static ClassLoader libraries;

  private final Object proxy;
  private final Object store;
  private final URI endpoint;

  private S3Server(Object proxy, Object store, URI endpoint) {
    this.proxy = proxy;
    this.store = store;
    this.endpoint = endpoint;
  }

  /** Starts a server that refuses any but its own {@link #accessKey} and {@link #secretKey}. */
  public static S3Server start() {
    return start("AWS_V2_OR_V4");
  }

  /** Starts a server that looks at no signature: what is between may change a request's headers. */
  public static S3Server startWithoutAuthentication() {
    return start("NONE");
  }

  private static S3Server start(String authentication) {
    try {
      ClassLoader loader = libraries();
      Object store =
          loader
              .loadClass("org.gaul.s3proxy.BlobStores")
              .getMethod("create", String.class, Properties.class)
              .invoke(null, "transient-nio2", new Properties());
      Class<?> types = loader.loadClass("org.gaul.s3proxy.auth.AuthenticationType");
      Class<?> storeType = loader.loadClass("org.gaul.s3proxy.blobstore.BlobStore");
      Object builder =
          loader.loadClass("org.gaul.s3proxy.S3Proxy").getMethod("builder").invoke(null);
      Class<?> building = builder.getClass();
      building.getMethod("blobStore", storeType).invoke(builder, store);
      building.getMethod("endpoint", URI.class).invoke(builder, URI.create("http://127.0.0.1:0"));
      building
          .getMethod("awsAuthentication", types, String.class, String.class)
          .invoke(
              builder,
              types.getMethod("fromString", String.class).invoke(null, authentication),
              ACCESS_KEY,
              SECRET_KEY);
      building.getMethod("ignoreUnknownHeaders", boolean.class).invoke(builder, true);
      building.getMethod("stopTimeout", long.class).invoke(builder, 0L);
      Object proxy = building.getMethod("build").invoke(builder);
      call(proxy, "start");
      return new S3Server(proxy, store, URI.create("http://127.0.0.1:" + call(proxy, "getPort")));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the S3 server did not start", cause(e));
    }
  }

  private static synchronized ClassLoader libraries() {
    if (libraries == null) {
      Path folder =
          Path.of(System.getProperty("medallion.root", "."), "testkit/s3proxy/target/jars");
      File[] jars = folder.toFile().listFiles((dir, name) -> name.endsWith(".jar"));
      if (jars == null || jars.length == 0) {
        throw new IllegalStateException(
            "the S3 server's libraries are not in "
                + folder.toAbsolutePath()
                + "\n    fix: ./mvnw -pl testkit/s3proxy process-resources");
      }
      libraries =
          new URLClassLoader(
              java.util.stream.Stream.concat(
                      java.util.stream.Stream.of(quietLog()),
                      java.util.Arrays.stream(jars).map(S3Server::url))
                  .toArray(URL[]::new),
              ClassLoader.getPlatformClassLoader());
    }
    return libraries;
  }

  /** A folder with the configuration that keeps the server's log to its errors. */
  private static URL quietLog() {
    try {
      Path folder = Files.createTempDirectory("medallion-s3-server");
      Path file = folder.resolve("logback.xml");
      Files.writeString(
          file,
          "<configuration><appender name=\"e\" class=\"ch.qos.logback.core.ConsoleAppender\">"
              + "<target>System.err</target><encoder><pattern>s3proxy %level %msg%n</pattern></encoder>"
              + "</appender><root level=\"error\"><appender-ref ref=\"e\"/></root></configuration>");
      file.toFile().deleteOnExit();
      folder.toFile().deleteOnExit();
      return folder.toUri().toURL();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static URL url(File jar) {
    try {
      return jar.toURI().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where it listens. */
  public URI endpoint() {
    return endpoint;
  }

  public String accessKey() {
    return ACCESS_KEY;
  }

  public String secretKey() {
    return SECRET_KEY;
  }

  /** Makes a bucket, past every proxy in front of the server. */
  public void createBucket(String name) {
    onStore("createContainer", name);
  }

  /** Removes a bucket and everything in it. */
  public void deleteBucket(String name) {
    onStore("deleteContainer", name);
  }

  private void onStore(String method, String bucket) {
    try {
      libraries()
          .loadClass("org.gaul.s3proxy.blobstore.BlobStore")
          .getMethod(method, String.class)
          .invoke(store, bucket);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(method + " of bucket " + bucket + " failed", cause(e));
    }
  }

  /** Hadoop's settings for this server, for every bucket. */
  public Map<String, String> hadoopSettings() {
    return settings("fs.s3a.", endpoint);
  }

  /**
   * Hadoop's settings for one bucket of this server.
   *
   * @param through where requests go: {@link #endpoint}, or a proxy in front of it
   */
  public Map<String, String> hadoopSettings(String bucket, URI through) {
    return settings("fs.s3a.bucket." + bucket + ".", through);
  }

  private static Map<String, String> settings(String prefix, URI endpoint) {
    return Map.of(
        prefix + "endpoint",
        endpoint.toString(),
        prefix + "endpoint.region",
        REGION,
        prefix + "path.style.access",
        "true",
        prefix + "connection.ssl.enabled",
        "false",
        prefix + "aws.credentials.provider",
        "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
        prefix + "access.key",
        ACCESS_KEY,
        prefix + "secret.key",
        SECRET_KEY);
  }

  @Override
  public void close() {
    try {
      call(proxy, "stop");
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the S3 server did not stop", cause(e));
    }
  }

  private static Object call(Object target, String method) throws ReflectiveOperationException {
    return target.getClass().getMethod(method).invoke(target);
  }

  private static Throwable cause(ReflectiveOperationException e) {
    return e instanceof InvocationTargetException ? e.getCause() : e;
  }
}
