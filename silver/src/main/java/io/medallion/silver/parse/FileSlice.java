package io.medallion.silver.parse;

import io.medallion.core.contract.Contract;
import io.medallion.core.csv.Header;
import io.medallion.core.manifest.FileLanding;
import io.medallion.core.manifest.ManifestFile;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A part of a landed file, with what is needed to read it anywhere.
 *
 * @param path the part's full path
 * @param columns for each field of the file the contract's column, or -1
 * @param rescuedNames names of the fields that the contract does not know, by field
 */
public record FileSlice(
    String fileId,
    long landingSeq,
    String path,
    long bytes,
    long firstRecord,
    long skipBytes,
    String encoding,
    String newline,
    char delimiter,
    List<Integer> columns,
    Map<Integer, String> rescuedNames)
    implements Serializable {

  /** The slices of a file. */
  public static List<FileSlice> of(FileLanding file, String lakeRoot, Contract contract) {
    Header header = Header.match(contract, file.format().header());
    List<Integer> columns = new ArrayList<>();
    for (int column : header.columns()) {
      columns.add(column);
    }
    List<FileSlice> slices = new ArrayList<>();
    for (ManifestFile.Part part : file.parts()) {
      slices.add(
          new FileSlice(
              file.fileId(),
              file.landingSeq(),
              lakeRoot + "/" + part.path(),
              part.bytes(),
              part.firstRecord(),
              part.skipBytes(),
              file.format().encoding(),
              file.format().newline(),
              file.format().delimiter().charAt(0),
              columns,
              new TreeMap<>(header.rescuedNames())));
    }
    return slices;
  }
}
