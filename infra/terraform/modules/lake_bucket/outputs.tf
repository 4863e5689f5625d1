output "bucket" {
  description = "Name of the data bucket."
  value       = aws_s3_bucket.this["data"].bucket
}

output "bucket_arn" {
  description = "ARN of the data bucket."
  value       = local.arns["data"]
}

output "log_bucket" {
  description = "Name of the bucket with the data bucket's access logs."
  value       = aws_s3_bucket.this["log"].bucket
}

output "kms_key_arn" {
  description = "ARN of the key that encrypts both buckets."
  value       = aws_kms_key.lake.arn
}

output "lake" {
  description = "The lake's place as Medallion takes it (--lake)."
  value       = "s3a://${aws_s3_bucket.this["data"].bucket}/${var.lake_path}"
}

output "lake_path" {
  description = "The lake's folder in the bucket."
  value       = var.lake_path
}
