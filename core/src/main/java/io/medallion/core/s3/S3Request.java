package io.medallion.core.s3;

import com.amazonaws.AmazonWebServiceRequest;
import com.amazonaws.services.s3.model.AbortMultipartUploadRequest;
import com.amazonaws.services.s3.model.CompleteMultipartUploadRequest;
import com.amazonaws.services.s3.model.CopyObjectRequest;
import com.amazonaws.services.s3.model.CopyPartRequest;
import com.amazonaws.services.s3.model.DeleteObjectRequest;
import com.amazonaws.services.s3.model.DeleteObjectsRequest;
import com.amazonaws.services.s3.model.GetObjectMetadataRequest;
import com.amazonaws.services.s3.model.GetObjectRequest;
import com.amazonaws.services.s3.model.InitiateMultipartUploadRequest;
import com.amazonaws.services.s3.model.ListMultipartUploadsRequest;
import com.amazonaws.services.s3.model.ListObjectsRequest;
import com.amazonaws.services.s3.model.ListObjectsV2Request;
import com.amazonaws.services.s3.model.PutObjectRequest;
import com.amazonaws.services.s3.model.UploadPartRequest;
import java.util.Locale;

/** Kinds of requests, as in S3's price list. */
public enum S3Request {
  GET,
  HEAD,
  LIST,
  PUT,
  COPY,
  MULTIPART,
  DELETE,
  /** A bucket's settings: region, encryption, versioning and the like. */
  BUCKET;

  /** The kind's name in the ledger. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static S3Request of(AmazonWebServiceRequest request) {
    if (request instanceof GetObjectRequest) {
      return GET;
    } else if (request instanceof GetObjectMetadataRequest) {
      return HEAD;
    } else if (request instanceof ListObjectsV2Request || request instanceof ListObjectsRequest) {
      return LIST;
    } else if (request instanceof PutObjectRequest) {
      return PUT;
    } else if (request instanceof CopyObjectRequest) {
      return COPY;
    } else if (request instanceof DeleteObjectRequest || request instanceof DeleteObjectsRequest) {
      return DELETE;
    }
    return isMultipart(request) ? MULTIPART : BUCKET;
  }

  private static boolean isMultipart(AmazonWebServiceRequest request) {
    return request instanceof InitiateMultipartUploadRequest
        || request instanceof UploadPartRequest
        || request instanceof CopyPartRequest
        || request instanceof CompleteMultipartUploadRequest
        || request instanceof AbortMultipartUploadRequest
        || request instanceof ListMultipartUploadsRequest;
  }
}
