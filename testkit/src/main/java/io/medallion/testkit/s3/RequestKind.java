package io.medallion.testkit.s3;

/** What a request to S3 asks for, as S3 prices it: from its method, path and query. */
public enum RequestKind {
  GET,
  HEAD,
  LIST,
  PUT,
  COPY,
  MULTIPART,
  DELETE,
  /** Settings of a bucket: region, encryption, versioning and the like. */
  BUCKET;

  static RequestKind of(String method, String target, boolean copySource) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? "" : "&" + target.substring(mark + 1);
    boolean ofBucket = path.indexOf('/', 1) < 0 || path.indexOf('/', 1) == path.length() - 1;
    if (query.contains("&uploadId=") || query.contains("&uploads")) {
      return MULTIPART;
    }
    return switch (method) {
      case "GET" ->
          !ofBucket
              ? GET
              : query.isEmpty() || query.matches(".*&(list-type|prefix)=.*") ? LIST : BUCKET;
      case "HEAD" -> ofBucket ? BUCKET : HEAD;
      case "PUT" -> ofBucket ? BUCKET : copySource ? COPY : PUT;
      case "POST", "DELETE" -> DELETE;
      default -> BUCKET;
    };
  }
}
