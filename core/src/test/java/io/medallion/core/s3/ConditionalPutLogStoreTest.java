package io.medallion.core.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.storage.CloseableIterator;
import io.medallion.core.LakeException;
import io.medallion.testkit.s3.Fault;
import io.medallion.testkit.s3.RequestKind;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConditionalPutLogStoreTest {
  private S3Fixture s3;
  private ConditionalPutLogStore store;

  @BeforeEach
  void open() {
    s3 = S3Fixture.open();
    store = new ConditionalPutLogStore(s3.hadoop);
  }

  @AfterEach
  void close() {
    s3.close();
  }

  @Test
  void writesAVersionOnceAndReadsItsLines() throws IOException {
    write(0, "a", "b");
    assertThat(read(0)).containsExactly("a", "b");
    assertThatThrownBy(() -> write(0, "c"))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(version(0).toString());
    assertThat(read(0)).containsExactly("a", "b");
  }

  @Test
  void overwritesWhereAsked() throws IOException {
    store.write(version(0), List.of("a").iterator(), true, s3.hadoop);
    store.write(version(0), List.of("b").iterator(), true, s3.hadoop);
    assertThat(read(0)).containsExactly("b");
  }

  @Test
  void recognisesItsOwnCommitWhoseAnswerWasLost() throws IOException {
    write(0, "first");
    s3.proxy.breakNext(Fault.LOST_ANSWER, "PUT", "0001.json");
    write(1, "mine");
    assertThat(s3.proxy.faults()).isEqualTo(Map.of(Fault.LOST_ANSWER, 1L));
    assertThat(read(1)).containsExactly("mine");
    assertThat(versions(0)).containsExactly(0L, 1L);
  }

  @Test
  void recognisesItsOwnCommitWhenEveryAnswerOfTheClientWasLost() throws IOException {
    s3.hadoop.set("fs.s3a.bucket." + s3.bucket + ".attempts.maximum", "0");
    write(0, "first");
    s3.proxy.breakNext(Fault.LOST_ANSWER, "PUT", "0001.json");
    write(1, "mine");
    assertThat(s3.proxy.faults()).isEqualTo(Map.of(Fault.LOST_ANSWER, 1L));
    assertThat(versions(0)).containsExactly(0L, 1L);
  }

  @Test
  void takesAnotherDriversCommitForTheOther() throws IOException {
    write(0, "first");
    // Ours is lost on its way, and before we try again the other one commits.
    s3.proxy.breakNext(Fault.RESET, "PUT", "0001.json");
    ConditionalPut.replace(
        S3Location.of(version(1), s3.hadoop),
        "other\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThatThrownBy(() -> write(1, "mine")).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(read(1)).containsExactly("other");
  }

  @Test
  void commitsThroughThrottlingResetsAndSlowAnswers() throws IOException {
    write(0, "first");
    for (Fault fault : List.of(Fault.SLOW_DOWN, Fault.RESET, Fault.CUT_BODY, Fault.SLOW_BODY)) {
      s3.proxy.breakNext(fault, "PUT", "0001.json");
    }
    write(1, "mine");
    assertThat(s3.proxy.faults().keySet()).contains(Fault.SLOW_DOWN, Fault.RESET);
    assertThat(read(1)).containsExactly("mine");
  }

  @Test
  void listsFromTheVersionAskedForWithoutTheOnesBefore() throws IOException {
    for (int version = 0; version < 12; version++) {
      write(version, "v" + version);
    }
    s3.proxy.reset();
    assertThat(versions(9)).containsExactly(9L, 10L, 11L);
    assertThat(s3.proxy.requests().get(RequestKind.LIST)).isLessThanOrEqualTo(2);
    assertThatThrownBy(() -> store.listFrom(new Path(s3.path("none"), "0.json"), s3.hadoop))
        .isInstanceOf(java.io.FileNotFoundException.class);
  }

  @Test
  void provesTheStoreOncePerBucketAndCommitsWithOneRequestThen() throws IOException {
    write(0, "a");
    s3.proxy.reset();
    write(1, "b");
    assertThat(s3.proxy.requests()).isEqualTo(Map.of(RequestKind.PUT, 1L));
  }

  @Test
  void refusesAStoreThatIgnoresTheCondition() {
    try (S3Fixture ignoring = S3Fixture.openUnsigned()) {
      ignoring.proxy.ignoreConditions();
      Path first = new Path(ignoring.path("t/_delta_log"), "00000000000000000000.json");
      assertThatThrownBy(() -> store.write(first, List.of("a").iterator(), false, ignoring.hadoop))
          .isInstanceOf(LakeException.class)
          .hasMessageStartingWith(
              ignoring.proxy.endpoint()
                  + "/"
                  + ignoring.bucket
                  + " ignores the condition of a write (If-None-Match: *)")
          .hasMessageContaining("fix: keep the lake in a store that honours it");
      assertThatThrownBy(() -> first.getFileSystem(ignoring.hadoop).getFileStatus(first))
          .isInstanceOf(java.io.FileNotFoundException.class);
    }
  }

  @Test
  void wrongKeyIsToldAsSuch() {
    s3.hadoop.set("fs.s3a.bucket." + s3.bucket + ".secret.key", "wrong");
    // The SDK takes it for a wrong clock, and tries again.
    s3.hadoop.set("fs.s3a.bucket." + s3.bucket + ".attempts.maximum", "0");
    assertThatThrownBy(() -> write(0, "a"))
        .isInstanceOf(java.nio.file.AccessDeniedException.class)
        .hasMessageContaining("SignatureDoesNotMatch");
  }

  @Test
  @Tag("slow")
  void twoProcessesLoseNoCommit(@TempDir java.nio.file.Path folder) throws Exception {
    java.nio.file.Path log = folder.resolve("writers.log");
    List<Process> writers = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      writers.add(writer(name, 150, log));
    }
    try {
      for (Process writer : writers) {
        assertThat(writer.getInputStream().read()).as("ready").isEqualTo('r');
      }
      for (Process writer : writers) {
        writer.getOutputStream().close();
      }
      for (Process writer : writers) {
        assertThat(writer.waitFor()).as(Files.readString(log)).isZero();
      }
    } finally {
      writers.forEach(Process::destroyForcibly);
    }
    assertThat(versions(0)).containsExactlyElementsOf(LongStream.range(0, 300).boxed().toList());
    List<String> commits = new ArrayList<>();
    for (int version = 0; version < 300; version++) {
      commits.addAll(read(version));
    }
    assertThat(commits)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 150)
                .boxed()
                .flatMap(n -> java.util.stream.Stream.of("a-" + n, "b-" + n))
                .toList());
    // One after the other they would lose nothing by any store.
    assertThat(
            IntStream.range(1, commits.size())
                .filter(i -> commits.get(i).charAt(0) != commits.get(i - 1).charAt(0)))
        .as("changes between the two writers")
        .hasSizeGreaterThan(10);
  }

  private Process writer(String name, int commits, java.nio.file.Path log) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                CommitWriter.class.getName(),
                s3.path("t/_delta_log").toString(),
                name,
                String.valueOf(commits)));
    s3.hadoop.forEach(
        setting -> {
          if (setting.getKey().startsWith("fs.s3a.bucket.")) {
            command.add(setting.getKey() + "=" + setting.getValue());
          }
        });
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private void write(long version, String... actions) throws IOException {
    store.write(version(version), List.of(actions).iterator(), false, s3.hadoop);
  }

  private Path version(long version) {
    return new Path(s3.path("t/_delta_log"), String.format("%020d.json", version));
  }

  private List<String> read(long version) throws IOException {
    List<String> lines = new ArrayList<>();
    try (CloseableIterator<String> read = store.read(version(version), s3.hadoop)) {
      read.forEachRemaining(lines::add);
    }
    return lines;
  }

  private List<Long> versions(long from) throws IOException {
    List<Long> versions = new ArrayList<>();
    Iterator<FileStatus> files = store.listFrom(version(from), s3.hadoop);
    while (files.hasNext()) {
      versions.add(Long.valueOf(files.next().getPath().getName().replace(".json", "")));
    }
    return versions;
  }
}
