variable "name" {
  type        = string
  description = "Stem of the roles' names: a role is called NAME-LAYER."
  nullable    = false
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 42 lower-case letters, digits or hyphens, begin with a letter and not end with a hyphen."
  }
}

variable "bucket_arn" {
  type        = string
  description = "ARN of the bucket that the lake is in (lake_bucket's output bucket_arn)."
  nullable    = false
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.bucket_arn))
    error_message = "bucket_arn must be the ARN of a bucket, such as arn:aws:s3:::acme-lake-111122223333."
  }
}

variable "lake_path" {
  type        = string
  description = "The lake's folder in the bucket, without slashes at its ends (lake_bucket's output lake_path)."
  default     = "lake"
  nullable    = false
  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]+(/[a-zA-Z0-9_-]+)*$", var.lake_path))
    error_message = "lake_path is one or more folder names of letters, digits, '-' and '_', separated by single slashes."
  }
}

variable "kms_key_arn" {
  type        = string
  description = "ARN of the key that encrypts the bucket (lake_bucket's output kms_key_arn)."
  nullable    = false
  validation {
    condition     = can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[a-zA-Z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key, not of an alias."
  }
}

variable "roles" {
  type        = set(string)
  description = "Roles to make. bronze, silver, gold and warehouse each run one layer; run runs all in one application (medallion run); operator reads everything and writes nothing (plan, sql, reconcile, trace, doctor)."
  default     = ["bronze", "silver", "gold", "warehouse", "operator"]
  nullable    = false
  validation {
    condition     = length(var.roles) > 0 && length(setsubtract(var.roles, ["bronze", "silver", "gold", "warehouse", "run", "operator"])) == 0
    error_message = "roles are one or more of bronze, silver, gold, warehouse, run and operator."
  }
}

variable "sources" {
  type = list(object({
    bucket      = string
    prefix      = optional(string, "")
    kms_key_arn = optional(string)
  }))
  description = "Where files are dropped that bronze lands: bucket, folder in it (ending with a slash; empty is the whole bucket), and the key if they are encrypted with one."
  default     = []
  nullable    = false
  validation {
    condition     = alltrue([for s in var.sources : can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", s.bucket))])
    error_message = "A source's bucket is a bucket's name, not an ARN or URL, and has no wildcard."
  }
  validation {
    condition     = alltrue([for s in var.sources : s.prefix == "" || can(regex("^[^/*?][^*?]*/$", s.prefix))])
    error_message = "A source's prefix ends with a slash, does not begin with one and has no wildcard."
  }
  validation {
    condition     = alltrue([for s in var.sources : s.kms_key_arn == null ? true : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[a-zA-Z0-9-]+$", s.kms_key_arn))])
    error_message = "A source's kms_key_arn must be the ARN of a key, not of an alias."
  }
}

variable "trusted_arns" {
  type        = set(string)
  description = "IAM roles and users that may take on the roles."
  default     = []
  nullable    = false
  validation {
    condition     = alltrue([for arn in var.trusted_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[^*?]+$", arn))])
    error_message = "trusted_arns are ARNs of single IAM roles or users: no account as a whole, no wildcard."
  }
  validation {
    condition     = length(var.trusted_arns) + length(var.trusted_services) > 0
    error_message = "Nobody could take on the roles: name at least one of trusted_arns or trusted_services."
  }
}

variable "trusted_services" {
  type        = set(string)
  description = "AWS services that may take on the roles: ec2.amazonaws.com for a cluster on EC2 or EMR, emr-serverless.amazonaws.com, pods.eks.amazonaws.com."
  default     = []
  nullable    = false
  validation {
    condition     = alltrue([for service in var.trusted_services : can(regex("^[a-z][a-z0-9.-]*\\.amazonaws\\.com(\\.cn)?$", service))])
    error_message = "trusted_services are names like ec2.amazonaws.com, without wildcard."
  }
}

variable "snowflake_reader" {
  type = object({
    iam_user_arn = string
    external_id  = string
  })
  description = "Snowflake's own user and the external id of its storage integration: makes a role NAME-snowflake that reads gold. null makes none."
  default     = null
  validation {
    condition     = var.snowflake_reader == null ? true : length(var.snowflake_reader.external_id) > 0 && !strcontains(var.snowflake_reader.iam_user_arn, "*")
    error_message = "snowflake_reader needs an external id, and a user's ARN without wildcard."
  }
}

variable "permissions_boundary" {
  type        = string
  description = "ARN of the policy that bounds the roles; null bounds them by nothing but their own."
  default     = null
}

variable "tags" {
  type        = map(string)
  description = "Tags of the roles."
  default     = {}
  nullable    = false
}
