package io.medallion.core.s3;

import com.amazonaws.handlers.RequestHandler2;
import com.amazonaws.services.s3.AmazonS3;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.s3a.DefaultS3ClientFactory;

/** S3A's own client, whose requests are counted. Named by {@code fs.s3a.s3.client.factory.impl}. */
public final class CountingClientFactory extends DefaultS3ClientFactory {
  @Override
  public AmazonS3 createS3Client(URI uri, S3ClientCreationParameters parameters)
      throws IOException {
    List<RequestHandler2> handlers = new ArrayList<>();
    if (parameters.getRequestHandlers() != null) {
      handlers.addAll(parameters.getRequestHandlers());
    }
    handlers.add(new S3Requests());
    return super.createS3Client(uri, parameters.withRequestHandlers(handlers));
  }
}
