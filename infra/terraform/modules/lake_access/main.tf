locals {
  # The lake's folders as io.medallion.core.lake.Lake lays them out; a test holds the two against each other.
  layers = {
    bronze    = { reads = [], writes = ["bronze", "_checkpoints/bronze", "ops"] }
    silver    = { reads = ["bronze"], writes = ["silver", "_checkpoints/silver", "ops"] }
    gold      = { reads = ["silver"], writes = ["gold", "_checkpoints/gold", "ops"] }
    warehouse = { reads = ["gold"], writes = ["_checkpoints/warehouse", "ops"] }
    run       = { reads = [], writes = ["bronze", "silver", "gold", "_checkpoints", "ops"] }
    operator  = { reads = ["bronze", "silver", "gold", "_checkpoints", "ops"], writes = [] }
    snowflake = { reads = ["gold"], writes = [] }
  }
  roles = setunion(var.roles, var.snowflake_reader == null ? [] : ["snowflake"])

  # S3A looks at the key of each folder above a path, to see that it is no file: 'retail', 'retail/lake'.
  segments  = split("/", var.lake_path)
  ancestors = [for i in range(length(local.segments)) : join("/", slice(local.segments, 0, i + 1))]

  folders = { for role in local.roles : role => [for f in concat(local.layers[role].reads, local.layers[role].writes) : "${var.lake_path}/${f}"] }
  written = { for role in local.roles : role => [for f in local.layers[role].writes : "${var.lake_path}/${f}"] }
  above   = { for role in local.roles : role => distinct(concat(local.ancestors, [for f in local.folders[role] : dirname(f)])) }

  lands = { for role in local.roles : role => contains(["bronze", "run"], role) ? var.sources : [] }

  trust = concat(
    length(var.trusted_arns) == 0 ? [] : [{
      Sid       = "Trusted"
      Effect    = "Allow"
      Principal = { AWS = sort(var.trusted_arns) }
      Action    = ["sts:AssumeRole"]
    }],
    length(var.trusted_services) == 0 ? [] : [{
      Sid       = "TrustedServices"
      Effect    = "Allow"
      Principal = { Service = sort(var.trusted_services) }
      # EKS tags the session with the pod that it is for, and is refused where it may not.
      Action = concat(["sts:AssumeRole"], contains(var.trusted_services, "pods.eks.amazonaws.com") ? ["sts:TagSession"] : [])
    }],
  )

  policies = { for role in local.roles : role => {
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "List"
          Effect   = "Allow"
          Action   = ["s3:ListBucket"]
          Resource = [var.bucket_arn]
          Condition = { StringLike = { "s3:prefix" = concat(
            [for f in local.above[role] : "${f}/"],
            flatten([for f in local.folders[role] : [f, "${f}/*"]]),
          ) } }
        },
        {
          Sid      = "Find"
          Effect   = "Allow"
          Action   = ["s3:GetBucketLocation"]
          Resource = [var.bucket_arn]
        },
        {
          # By version too: S3A reads on in the version that it opened, also when the object was replaced.
          Sid      = "Read"
          Effect   = "Allow"
          Action   = ["s3:GetObject", "s3:GetObjectVersion"]
          Resource = concat([for f in local.above[role] : "${var.bucket_arn}/${f}"], flatten([for f in local.folders[role] : ["${var.bucket_arn}/${f}", "${var.bucket_arn}/${f}/*"]]))
        },
        {
          Sid      = "Decrypt"
          Effect   = "Allow"
          Action   = concat(["kms:Decrypt"], length(local.written[role]) > 0 ? ["kms:GenerateDataKey"] : [])
          Resource = [var.kms_key_arn]
        },
      ],
      length(local.written[role]) == 0 ? [] : [
        {
          # No version is ever deleted: what a job overwrites or deletes can be restored.
          Sid      = "Write"
          Effect   = "Allow"
          Action   = ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
          Resource = [for f in local.written[role] : "${var.bucket_arn}/${f}/*"]
        },
      ],
      !contains(["run", "operator"], role) ? [] : [
        {
          Sid    = "ReadSettings" # medallion doctor
          Effect = "Allow"
          Action = [
            "s3:GetBucketPublicAccessBlock", "s3:GetBucketTagging", "s3:GetBucketVersioning",
            "s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration",
          ]
          Resource = [var.bucket_arn]
        },
      ],
      length(local.lands[role]) == 0 ? [] : [
        {
          Sid      = "ReadSources"
          Effect   = "Allow"
          Action   = ["s3:GetObject", "s3:GetObjectVersion"]
          Resource = [for s in local.lands[role] : "arn:${local.partition}:s3:::${s.bucket}/${s.prefix}*"]
        },
        {
          Sid      = "FindSources"
          Effect   = "Allow"
          Action   = ["s3:GetBucketLocation"]
          Resource = distinct([for s in local.lands[role] : "arn:${local.partition}:s3:::${s.bucket}"])
        },
      ],
      [for i, s in local.lands[role] : {
        Sid       = "ListSource${i}"
        Effect    = "Allow"
        Action    = ["s3:ListBucket"]
        Resource  = ["arn:${local.partition}:s3:::${s.bucket}"]
        Condition = { StringLike = { "s3:prefix" = concat([trimsuffix(s.prefix, "/")], ["${s.prefix}*"]) } }
      }],
      length([for s in local.lands[role] : s if s.kms_key_arn != null]) == 0 ? [] : [{
        Sid      = "DecryptSources"
        Effect   = "Allow"
        Action   = ["kms:Decrypt"]
        Resource = distinct([for s in local.lands[role] : s.kms_key_arn if s.kms_key_arn != null])
      }],
    )
  } }

  partition = split(":", var.bucket_arn)[1]
}

resource "aws_iam_role" "this" {
  for_each             = local.roles
  name                 = "${var.name}-${each.key}"
  description          = each.key == "snowflake" ? "Snowflake reads gold of ${var.name}" : "Medallion's ${each.key} on ${var.name}"
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  assume_role_policy = each.key != "snowflake" ? jsonencode({ Version = "2012-10-17", Statement = local.trust }) : jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Snowflake"
      Effect    = "Allow"
      Principal = { AWS = var.snowflake_reader.iam_user_arn }
      Action    = ["sts:AssumeRole"]
      Condition = { StringEquals = { "sts:ExternalId" = var.snowflake_reader.external_id } }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  for_each = local.roles
  name     = "lake"
  role     = aws_iam_role.this[each.key].name
  policy   = jsonencode(local.policies[each.key])
}
