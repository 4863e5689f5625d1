package io.medallion.core.lake;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddCDCFile;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.DeletionVectorDescriptor;
import org.apache.spark.sql.delta.actions.RemoveFile;
import scala.Option;
import scala.Tuple2;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * What the commits between two versions of a table did to its rows, as its log tells.
 *
 * @param isWhole whether the log still has every one of the commits
 * @param changesRows whether one of them changed rows; what only puts files together does not
 * @param feedRows about how many rows the change feed has of them, rather too many than too few
 */
public record CommitSpan(boolean isWhole, boolean changesRows, long feedRows) {
  /** What a row takes in a file at the least, where no statistics say how many there are. */
  private static final long ROW_BYTES = 100;

  /** Reads the commits after one version up to another. */
  static CommitSpan of(DeltaLog log, long after, long upTo) {
    if (after >= upTo) {
      return new CommitSpan(true, false, 0);
    }
    Iterator<Tuple2<Object, Seq<Action>>> commits =
        JavaConverters.asJavaIterator(log.getChanges(after + 1, upTo, false));
    boolean changes = false;
    long rows = 0;
    long next = after + 1;
    while (commits.hasNext()) {
      Tuple2<Object, Seq<Action>> commit = commits.next();
      if ((Long) commit._1() != next) {
        return new CommitSpan(false, true, Long.MAX_VALUE);
      }
      next++;
      Files files = Files.of(JavaConverters.seqAsJavaList(commit._2()));
      changes |= files.changesRows();
      rows += files.feedRows();
    }
    return next > upTo
        ? new CommitSpan(true, changes, rows)
        : new CommitSpan(false, true, Long.MAX_VALUE);
  }

  /** The files of one commit by which rows came or went. */
  private record Files(
      Map<String, AddFile> added, Map<String, RemoveFile> removed, long feedBytes) {

    static Files of(List<Action> actions) {
      Map<String, AddFile> added = new HashMap<>();
      Map<String, RemoveFile> removed = new HashMap<>();
      long feedBytes = 0;
      for (Action action : actions) {
        if (action instanceof AddFile file && file.dataChange()) {
          added.put(file.path(), file);
        } else if (action instanceof RemoveFile file && file.dataChange()) {
          removed.put(file.path(), file);
        } else if (action instanceof AddCDCFile file) {
          feedBytes += file.size();
        }
      }
      return new Files(added, removed, feedBytes);
    }

    boolean changesRows() {
      return feedBytes > 0 || !added.isEmpty() || !removed.isEmpty();
    }

    /** Where a commit has files of the feed, the feed is these and nothing else. */
    long feedRows() {
      if (feedBytes > 0) {
        return feedBytes / ROW_BYTES + 1;
      }
      long rows = 0;
      for (AddFile file : added.values()) {
        RemoveFile before = removed.get(file.path());
        rows +=
            before == null
                ? rows(file.numLogicalRecords(), file.size())
                : Math.abs(taken(file.deletionVector()) - taken(before.deletionVector()));
      }
      for (RemoveFile file : removed.values()) {
        if (!added.containsKey(file.path())) {
          rows +=
              rows(
                  file.numLogicalRecords(), file.size().isDefined() ? (Long) file.size().get() : 0);
        }
      }
      return rows;
    }

    private static long rows(Option<Object> known, long bytes) {
      return known.isDefined() ? (Long) known.get() : bytes / ROW_BYTES + 1;
    }

    private static long taken(DeletionVectorDescriptor vector) {
      return vector == null ? 0 : vector.cardinality();
    }
  }
}
