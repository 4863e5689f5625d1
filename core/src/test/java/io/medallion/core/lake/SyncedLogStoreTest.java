package io.medallion.core.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.medallion.testkit.LocalSession;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncedLogStoreTest {
  private final Configuration hadoop = new Configuration();
  @TempDir private Path table;

  private void write(SyncedLogStore store, String name, boolean overwrite, String... lines)
      throws IOException {
    store.write(
        new org.apache.hadoop.fs.Path(table + "/_delta_log/" + name),
        List.of(lines).iterator(),
        overwrite,
        hadoop);
  }

  private Path log(String name) {
    return table.resolve("_delta_log").resolve(name);
  }

  /** Remembers what was synced, in order, and which of it was there to be read as a commit. */
  private final class Watched extends SyncedLogStore {
    private final List<String> synced = new ArrayList<>();

    Watched() {
      super(hadoop);
    }

    @Override
    protected void sync(Path path) throws IOException {
      super.sync(path);
      String name = table.relativize(path).toString().replaceAll("\\.[0-9a-f-]{36}\\.tmp", ".tmp");
      synced.add(name + (Files.exists(log("00.json")) ? " (committed)" : ""));
    }
  }

  @Test
  void whatACommitNamesIsOnTheDiskBeforeItIs() throws IOException {
    Files.createDirectories(table.resolve("day=1 a"));
    Files.writeString(table.resolve("day=1 a/x.parquet"), "x");
    Files.writeString(table.resolve("y.parquet"), "y");
    Watched store = new Watched();

    write(
        store,
        "00.json",
        false,
        "{\"commitInfo\":{}}",
        "{\"add\":{\"path\":\"day=1%20a/x.parquet\"}}",
        "{\"cdc\":{\"path\":\"y.parquet\"}}",
        "{\"remove\":{\"path\":\"gone.parquet\"}}");

    assertThat(store.synced)
        .containsExactly(
            "day=1 a/x.parquet",
            "y.parquet",
            "day=1 a",
            "",
            "_delta_log/.00.json.tmp",
            "_delta_log (committed)");
    assertThat(Files.list(table.resolve("_delta_log"))).containsExactly(log("00.json"));
  }

  @Test
  void aVersionIsWrittenOnce() throws Exception {
    SyncedLogStore store = new SyncedLogStore(hadoop);
    ExecutorService pool = Executors.newFixedThreadPool(8);
    int won = 0;
    try {
      for (int version = 0; version < 20; version++) {
        String name = version + ".json";
        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int writer = 0; writer < 8; writer++) {
          String line = "{\"txn\":{\"appId\":\"" + writer + "\"}}";
          writers.add(
              () -> {
                try {
                  // As a process of its own, which no lock of this one holds back.
                  write(new SyncedLogStore(hadoop), name, false, line);
                  return true;
                } catch (FileAlreadyExistsException e) {
                  return false;
                }
              });
        }
        for (Future<Boolean> done : pool.invokeAll(writers)) {
          won += done.get() ? 1 : 0;
        }
      }
    } finally {
      pool.shutdownNow();
    }
    assertThat(won).isEqualTo(20);
    assertThatThrownBy(() -> write(store, "3.json", false, "late"))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.list(table.resolve("_delta_log"))).hasSize(20);
  }

  @Test
  void whatIsOverwrittenIsNotHeldAgainstItsOldChecksum() throws IOException {
    SyncedLogStore store = new SyncedLogStore(hadoop);
    Files.createDirectories(table.resolve("_delta_log"));
    org.apache.hadoop.fs.Path path =
        new org.apache.hadoop.fs.Path(table + "/_delta_log/_last_checkpoint");
    try (org.apache.hadoop.fs.FSDataOutputStream out =
        path.getFileSystem(hadoop).create(path, true)) {
      out.writeBytes("with a checksum");
    }
    assertThat(log("._last_checkpoint.crc")).exists();

    write(store, "_last_checkpoint", true, "new");

    assertThat(store.read(path, hadoop).next()).isEqualTo("new");
  }

  @Test
  void theSessionsUseIt() {
    assertThat(LocalSession.shared().conf().get("spark.delta.logStore.file.impl"))
        .isEqualTo(SyncedLogStore.class.getName());
    LocalSession.shared().range(2).write().format("delta").save(table + "/t");
    assertThat(LocalSession.shared().read().format("delta").load(table + "/t").count())
        .isEqualTo(2);
    // Hadoop's own stores leave a checksum beside each commit; this one does not.
    assertThat(table.resolve("t/_delta_log/.00000000000000000000.json.crc")).doesNotExist();
  }
}
