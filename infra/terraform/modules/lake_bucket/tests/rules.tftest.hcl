# The rules that matter, on what would be planned and made. Needs no account: the provider's answers are made up.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555" }
  }
}

variables {
  name  = "acme-lake"
  feeds = ["sales_orders", "returns"]
}

run "every_bucket_is_private" {
  assert {
    condition     = toset(keys(aws_s3_bucket_public_access_block.this)) == toset(keys(aws_s3_bucket.this)) && length(aws_s3_bucket.this) == 2
    error_message = "each of the two buckets must have a public-access block"
  }
  assert {
    condition     = alltrue([for b in aws_s3_bucket_public_access_block.this : b.block_public_acls && b.block_public_policy && b.ignore_public_acls && b.restrict_public_buckets])
    error_message = "every switch of the public-access block must be on"
  }
  assert {
    condition     = length(aws_s3_bucket_ownership_controls.this) == 2 && alltrue([for o in aws_s3_bucket_ownership_controls.this : o.rule[0].object_ownership == "BucketOwnerEnforced"])
    error_message = "the bucket's owner must own every object, so that no ACL counts"
  }
}

run "every_bucket_is_encrypted_with_the_key" {
  assert {
    condition = length(aws_s3_bucket_server_side_encryption_configuration.this) == 2 && alltrue([for e in aws_s3_bucket_server_side_encryption_configuration.this :
      one(one(e.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms"
    && one(one(e.rule).apply_server_side_encryption_by_default).kms_master_key_id == aws_kms_key.lake.arn])
    error_message = "both buckets must be encrypted by KMS with the lake's key"
  }
  assert {
    condition     = aws_kms_key.lake.enable_key_rotation
    error_message = "the key must rotate"
  }
  assert {
    condition     = length([for s in jsondecode(aws_s3_bucket_policy.data.policy).Statement : s if s.Effect == "Deny" && s.Action == "s3:PutObject" && try(s.Condition.StringNotEquals["s3:x-amz-server-side-encryption"] == "aws:kms", false)]) == 1
    error_message = "an upload that asks for another encryption must be refused"
  }
  assert {
    condition     = length([for s in jsondecode(aws_s3_bucket_policy.data.policy).Statement : s if s.Effect == "Deny" && try(s.Condition.ArnNotEquals["s3:x-amz-server-side-encryption-aws-kms-key-id"] == aws_kms_key.lake.arn, false)]) == 1
    error_message = "an upload that asks for another key must be refused"
  }
}

run "only_tls" {
  assert {
    condition = alltrue([for kind, policy in { data = aws_s3_bucket_policy.data, log = aws_s3_bucket_policy.log } : length([for s in jsondecode(policy.policy).Statement : s if
      s.Effect == "Deny" && s.Principal == "*" && s.Action == "s3:*"
      && try(s.Condition.Bool["aws:SecureTransport"] == "false", false)
      && toset(flatten([s.Resource])) == toset(["arn:aws:s3:::${aws_s3_bucket.this[kind].bucket}", "arn:aws:s3:::${aws_s3_bucket.this[kind].bucket}/*"])
    ]) == 1])
    error_message = "both bucket policies must refuse requests without TLS, to the bucket and to its objects"
  }
}

run "nothing_is_allowed_by_wildcard" {
  assert {
    condition = alltrue(flatten([for policy in [aws_s3_bucket_policy.data.policy, aws_s3_bucket_policy.log.policy, aws_kms_key.lake.policy] :
      [for s in jsondecode(policy).Statement : [for action in flatten([s.Action]) : !strcontains(action, "*")] if s.Effect == "Allow"]
    ]))
    error_message = "an Allow must name its actions"
  }
  assert {
    condition = alltrue(flatten([for policy in [aws_s3_bucket_policy.data.policy, aws_s3_bucket_policy.log.policy, aws_kms_key.lake.policy] :
      [for s in jsondecode(policy).Statement : !strcontains(jsonencode(s.Principal), "*") if s.Effect == "Allow"]
    ]))
    error_message = "an Allow must name its principals"
  }
  assert {
    condition     = length([for s in jsondecode(aws_s3_bucket_policy.data.policy).Statement : s if s.Effect == "Allow"]) == 0
    error_message = "the data bucket's own policy must allow nobody anything"
  }
  assert {
    condition     = alltrue([for s in jsondecode(aws_s3_bucket_policy.log.policy).Statement : s.Condition.ArnEquals["aws:SourceArn"] == "arn:aws:s3:::${aws_s3_bucket.this["data"].bucket}" if s.Effect == "Allow"])
    error_message = "logs must come from the data bucket only"
  }
}

run "versions_are_kept_and_logged" {
  assert {
    condition     = length(aws_s3_bucket_versioning.this) == 2 && alltrue([for v in aws_s3_bucket_versioning.this : v.versioning_configuration[0].status == "Enabled"])
    error_message = "both buckets must keep versions"
  }
  assert {
    condition     = aws_s3_bucket_logging.data.target_bucket == aws_s3_bucket.this["log"].id
    error_message = "requests to the data bucket must be logged in the log bucket"
  }
  assert {
    condition     = !aws_s3_bucket.this["data"].force_destroy
    error_message = "data must outlive a destroy unless told otherwise"
  }
}

run "only_landed_files_turn_cold" {
  assert {
    condition     = toset([for r in aws_s3_bucket_lifecycle_configuration.data.rule : one(r.filter).prefix if length(r.transition) > 0]) == toset(["lake/bronze/sales_orders/", "lake/bronze/returns/"])
    error_message = "the folders of the feeds, and none else, must turn cold"
  }
  assert {
    condition     = alltrue([for r in aws_s3_bucket_lifecycle_configuration.data.rule : one(r.transition).days == 90 && one(r.transition).storage_class == "GLACIER_IR" if length(r.transition) > 0])
    error_message = "landed files must be cold after 90 days and still be read at once"
  }
  assert {
    condition     = alltrue([for r in aws_s3_bucket_lifecycle_configuration.data.rule : length(r.expiration) == 0 if length(r.transition) > 0])
    error_message = "landed files must not expire unless asked"
  }
  assert {
    condition     = length([for r in concat(aws_s3_bucket_lifecycle_configuration.data.rule, aws_s3_bucket_lifecycle_configuration.log.rule) : r if length(r.abort_incomplete_multipart_upload) == 1]) == 2
    error_message = "uploads that were never completed must be cleaned up in both buckets"
  }
}

run "landed_files_expire_when_asked" {
  variables {
    bronze_expire_after_days = 400
  }
  assert {
    condition     = toset([for r in aws_s3_bucket_lifecycle_configuration.data.rule : one(r.filter).prefix if try(one(r.expiration).days, null) == 400]) == toset(["lake/bronze/sales_orders/", "lake/bronze/returns/"])
    error_message = "the folders of the feeds, and none else, must expire"
  }
}

run "expiry_before_cold_storage_is_refused" {
  command = plan
  variables {
    bronze_expire_after_days = 100
  }
  expect_failures = [var.bronze_expire_after_days]
}

run "the_manifest_is_no_feed" {
  command = plan
  variables {
    feeds = ["manifest"]
  }
  expect_failures = [var.feeds]
}

run "a_name_that_s3_refuses_is_refused" {
  command = plan
  variables {
    name = "Acme_Lake"
  }
  expect_failures = [var.name]
}
