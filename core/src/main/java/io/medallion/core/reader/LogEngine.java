package io.medallion.core.reader;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.ExpressionHandler;
import io.delta.kernel.engine.FileSystemClient;
import io.delta.kernel.engine.JsonHandler;
import io.delta.kernel.engine.ParquetHandler;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Delta Kernel's own engine, which reads each commit of a log once: Kernel asks for it once for the
 * schema, again for the files, and again for transactions, and each is a request on S3. A commit
 * never changes.
 */
final class LogEngine implements Engine {
  private static final Pattern COMMIT = Pattern.compile(".*/_delta_log/\\d{20}\\.json");

  /** Characters of commits that are kept; of more, the ones that were read first are let go. */
  private static final long MOST_CHARACTERS = 16L << 20;

  private final DefaultEngine engine;
  private final Configuration hadoop;
  private final Map<String, List<String>> commits =
      Collections.synchronizedMap(new RecentCommits());

  LogEngine(Configuration hadoop) {
    this.hadoop = hadoop;
    this.engine = DefaultEngine.create(hadoop);
  }

  private static final class RecentCommits extends LinkedHashMap<String, List<String>> {
    private static final long serialVersionUID = 1L;
    private long characters;

    @Override
    public List<String> put(String path, List<String> lines) {
      List<String> before = super.put(path, lines);
      characters += lines.stream().mapToLong(String::length).sum();
      while (characters > MOST_CHARACTERS && size() > 1) {
        String eldest = keySet().iterator().next();
        characters -= remove(eldest).stream().mapToLong(String::length).sum();
      }
      return before;
    }
  }

  @Override
  public ExpressionHandler getExpressionHandler() {
    return engine.getExpressionHandler();
  }

  @Override
  public FileSystemClient getFileSystemClient() {
    return engine.getFileSystemClient();
  }

  @Override
  public ParquetHandler getParquetHandler() {
    return engine.getParquetHandler();
  }

  @Override
  public JsonHandler getJsonHandler() {
    return new KeptCommits(engine.getJsonHandler());
  }

  /** Whether a file exists. */
  boolean isThere(String path) {
    Path file = new Path(path);
    try {
      return file.getFileSystem(hadoop).exists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> lines(String path) {
    List<String> known = commits.get(path);
    if (known != null) {
      return known;
    }
    Path file = new Path(path);
    try (InputStream in = file.getFileSystem(hadoop).open(file)) {
      List<String> lines =
          new String(in.readAllBytes(), UTF_8).lines().filter(line -> !line.isBlank()).toList();
      commits.put(path, lines);
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class KeptCommits implements JsonHandler {
    private final JsonHandler json;

    KeptCommits(JsonHandler json) {
      this.json = json;
    }

    @Override
    public ColumnarBatch parseJson(
        ColumnVector texts, StructType schema, Optional<ColumnVector> selection) {
      return json.parseJson(texts, schema, selection);
    }

    @Override
    public CloseableIterator<ColumnarBatch> readJsonFiles(
        CloseableIterator<FileStatus> files, StructType schema, Optional<Predicate> predicate) {
      return new Flattened(
          files.map(
              file -> {
                try {
                  return COMMIT.matcher(file.getPath()).matches()
                      ? one(
                          json.parseJson(
                              VectorUtils.stringVector(lines(file.getPath())),
                              schema,
                              Optional.empty()))
                      : json.readJsonFiles(one(file), schema, predicate);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }));
    }

    private <T> CloseableIterator<T> one(T element) {
      return io.delta.kernel.internal.util.Utils.singletonCloseableIterator(element);
    }

    @Override
    public void writeJsonFileAtomically(
        String path, CloseableIterator<Row> rows, boolean overwrite) {
      throw new UnsupportedOperationException("a reader writes no log");
    }
  }

  /** The batches of several files. */
  private static final class Flattened implements CloseableIterator<ColumnarBatch> {
    private final CloseableIterator<CloseableIterator<ColumnarBatch>> files;
    private Optional<CloseableIterator<ColumnarBatch>> current = Optional.empty();

    Flattened(CloseableIterator<CloseableIterator<ColumnarBatch>> files) {
      this.files = files;
    }

    @Override
    public boolean hasNext() {
      while (current.isEmpty() || !current.get().hasNext()) {
        if (!files.hasNext()) {
          return false;
        }
        current = Optional.of(files.next());
      }
      return true;
    }

    @Override
    public ColumnarBatch next() {
      return current.orElseThrow().next();
    }

    @Override
    public void close() throws IOException {
      if (current.isPresent()) {
        current.get().close();
      }
      files.close();
    }
  }
}
