package io.medallion.gold.table;

import io.medallion.core.lake.LakeTable;

/** Another build of the star, at the same time, was faster: there is nothing left to do. */
public final class OvertakenBuildException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OvertakenBuildException(LakeTable table) {
    super(table + " has the changes of this build already: another build of the star made them");
  }
}
