package io.medallion.testkit.snowflake;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code PUT file @stage}: answered with a signed address of Google's storage, to which the driver
 * sends the file as it is.
 *
 * @param source the file as the statement names it, without {@code file://}
 * @param stage stage and path, without {@code @}
 */
record Upload(String source, String stage) {
  private static final Pattern PUT =
      Pattern.compile("(?is)^\\s*put\\s+'?file://([^'\\s]+)'?\\s+'?@([^'\\s]+)'?");

  private static final Pattern GET =
      Pattern.compile("(?is)^\\s*get\\s+'?@([^'\\s]+)'?\\s+'?file://([^'\\s]+)'?");

  static boolean isTransfer(String sql) {
    return PUT.matcher(sql).find() || GET.matcher(sql).find();
  }

  /** What the driver must be told of a stage, or to send a file into it. */
  static ObjectNode answer(String sql, String server, String id) throws SnowflakeError {
    Matcher get = GET.matcher(sql);
    if (!get.find()) {
      return of(sql).answer(server, id);
    }
    if (!get.group(2).contains("dummy")) {
      // The connector asks only to learn what kind of stage it has.
      throw SnowflakeError.unsupported(sql);
    }
    ObjectNode answer =
        new Upload(get.group(2), get.group(1).replaceAll("/+$", "")).answer(server, id);
    ObjectNode data = (ObjectNode) answer.get("data");
    data.put("command", "DOWNLOAD").put("localLocation", get.group(2));
    data.putArray("src_locations");
    data.putArray("encryptionMaterial");
    data.putArray("presignedUrls");
    return answer;
  }

  private static Upload of(String sql) {
    Matcher put = PUT.matcher(sql);
    if (!put.find()) {
      throw new IllegalArgumentException("not a PUT: " + sql);
    }
    return new Upload(put.group(1), put.group(2).replaceAll("/+$", ""));
  }

  private ObjectNode answer(String server, String id) {
    String file = source.substring(source.lastIndexOf('/') + 1);
    StringBuilder address = new StringBuilder(server + "/stage");
    for (String part : (stage + "/" + file).split("/", -1)) {
      address.append('/').append(URLEncoder.encode(part, StandardCharsets.UTF_8));
    }
    ObjectNode answer = Answers.success();
    ObjectNode data = (ObjectNode) answer.get("data");
    data.put("command", "UPLOAD")
        .put("operation", "Node")
        .put("queryId", id)
        .put("parallel", 1)
        .put("threshold", 209_715_200)
        .put("autoCompress", false)
        .put("overwrite", true)
        .put("sourceCompression", "none")
        .put("clientShowEncryptionParameter", false)
        .put("statementTypeId", 0x7000);
    data.putArray("src_locations").add(source);
    // The driver wants a key of 128 bits, and does not use it.
    data.putObject("encryptionMaterial")
        .put("queryStageMasterKey", Base64.getEncoder().encodeToString(new byte[16]))
        .put("queryId", id)
        .put("smkId", "1");
    ObjectNode info = data.putObject("stageInfo");
    info.put("locationType", "GCS")
        .put("location", stage + "/")
        .put("path", "")
        .put("region", "US-CENTRAL1")
        .putNull("storageAccount")
        .put("isClientSideEncrypted", false)
        .put("presignedUrl", address.toString())
        .putNull("endPoint");
    info.putObject("creds");
    return answer;
  }
}
