package io.medallion.core.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.delta.storage.S3SingleDriverLogStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Delta's log on S3 for any number of drivers at once: a version is committed by a conditional put,
 * so that S3 itself lets one of two writers win.
 *
 * <p>Delta's own {@link S3SingleDriverLogStore} looks first and writes then, and two drivers lose
 * commits of each other. All else, reading and listing, is as it does it. Versions are listed from
 * the one that is asked for, never from the first.
 *
 * <p>Set by {@code spark.delta.logStore.s3a.impl}.
 */
public final class ConditionalPutLogStore extends S3SingleDriverLogStore {
  public ConditionalPutLogStore(Configuration hadoop) {
    super(listingFromAVersion(hadoop));
  }

  private static Configuration listingFromAVersion(Configuration hadoop) {
    Configuration copy = new Configuration(hadoop);
    copy.setBoolean("delta.enableFastS3AListFrom", true);
    return copy;
  }

  /**
   * Writes a file of the log.
   *
   * @throws FileAlreadyExistsException where it exists, holds something else, and {@code overwrite}
   *     is not given: another driver has committed this version
   */
  @Override
  public void write(Path path, Iterator<String> actions, Boolean overwrite, Configuration hadoop)
      throws IOException {
    S3Location location = S3Location.of(path, hadoop);
    byte[] content = content(actions);
    if (overwrite) {
      ConditionalPut.replace(location, content);
    } else if (!ConditionalPut.create(location, content)) {
      throw new FileAlreadyExistsException(path.toString());
    }
  }

  private static byte[] content(Iterator<String> actions) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    while (actions.hasNext()) {
      content.writeBytes(actions.next().getBytes(UTF_8));
      content.write('\n');
    }
    return content.toByteArray();
  }
}
