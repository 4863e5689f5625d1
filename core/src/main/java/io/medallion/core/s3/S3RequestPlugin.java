package io.medallion.core.s3;

import java.io.IOException;
import java.util.Map;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/** Brings the executors' numbers of S3 requests to the driver's, after each task. */
public final class S3RequestPlugin implements SparkPlugin {
  @Override
  public DriverPlugin driverPlugin() {
    return new Driver();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Executor();
  }

  private static final class Driver implements DriverPlugin {
    @Override
    public Object receive(Object message) {
      long[] counts = (long[]) message;
      for (S3Request kind : S3Request.values()) {
        S3Requests.add(kind, counts[kind.ordinal()]);
      }
      return null;
    }
  }

  private static final class Executor implements ExecutorPlugin {
    private PluginContext context;
    private S3Requests.Counts told;

    @Override
    public void init(PluginContext pluginContext, Map<String, String> extraConf) {
      context = pluginContext;
      told = S3Requests.sent();
    }

    @Override
    public void onTaskSucceeded() {
      tell();
    }

    @Override
    public void onTaskFailed(TaskFailedReason failureReason) {
      tell();
    }

    private synchronized void tell() {
      if (context.executorID().equals("driver")) {
        return;
      }
      S3Requests.Counts now = S3Requests.sent();
      S3Requests.Counts since = now.since(told);
      if (since.total() == 0) {
        return;
      }
      long[] counts = new long[S3Request.values().length];
      since.byKind().forEach((kind, number) -> counts[kind.ordinal()] = number);
      try {
        context.send(counts);
        told = now;
      } catch (IOException e) {
        // They go with the next task's.
        throw new IllegalStateException("the driver did not take the numbers of S3 requests", e);
      }
    }
  }
}
