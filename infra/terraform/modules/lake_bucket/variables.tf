variable "name" {
  type        = string
  description = "Stem of the bucket names and of the key's alias. The account's number is appended, since bucket names are unique in the world."
  nullable    = false
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 42 lower-case letters, digits or hyphens, begin with a letter and not end with a hyphen."
  }
}

variable "feeds" {
  type        = set(string)
  description = "Feeds whose landed files move to colder storage and may expire. Only a feed's own folder is touched: the manifest beside them is a Delta table, whose files must stay."
  default     = []
  nullable    = false
  validation {
    condition     = alltrue([for feed in var.feeds : can(regex("^[a-z][a-z0-9_]*$", feed)) && feed != "manifest"])
    error_message = "A feed's name is lower-case letters, digits and underscores and begins with a letter; 'manifest' is the lake's own table."
  }
}

variable "lake_path" {
  type        = string
  description = "The lake's folder in the bucket, without slashes at its ends."
  default     = "lake"
  nullable    = false
  validation {
    condition     = can(regex("^[a-zA-Z0-9_-]+(/[a-zA-Z0-9_-]+)*$", var.lake_path))
    error_message = "lake_path is one or more folder names of letters, digits, '-' and '_', separated by single slashes."
  }
}

variable "bronze_cold_after_days" {
  type        = number
  description = "Days after which landed files move to Glacier Instant Retrieval, from where a replay still reads them at once."
  default     = 90
  nullable    = false
  validation {
    condition     = var.bronze_cold_after_days >= 1 && floor(var.bronze_cold_after_days) == var.bronze_cold_after_days
    error_message = "bronze_cold_after_days must be a whole number of days, 1 or more."
  }
}

variable "bronze_expire_after_days" {
  type        = number
  description = "Days after which landed files are deleted; null keeps them for ever. A record whose file is deleted can be neither replayed nor traced to its raw text."
  default     = null
  validation {
    condition     = var.bronze_expire_after_days == null ? true : var.bronze_expire_after_days >= var.bronze_cold_after_days + 90
    error_message = "bronze_expire_after_days must exceed bronze_cold_after_days by 90: Glacier Instant Retrieval bills 90 days at least."
  }
}

variable "noncurrent_days" {
  type        = number
  description = "Days for which an overwritten or deleted object can still be restored."
  default     = 30
  nullable    = false
  validation {
    condition     = var.noncurrent_days >= 1
    error_message = "noncurrent_days must be 1 or more."
  }
}

variable "abort_multipart_days" {
  type        = number
  description = "Days after which an upload that was never completed is thrown away."
  default     = 7
  nullable    = false
  validation {
    condition     = var.abort_multipart_days >= 1
    error_message = "abort_multipart_days must be 1 or more."
  }
}

variable "log_expire_after_days" {
  type        = number
  description = "Days for which access logs are kept."
  default     = 365
  nullable    = false
  validation {
    condition     = var.log_expire_after_days >= 1
    error_message = "log_expire_after_days must be 1 or more."
  }
}

variable "key_deletion_days" {
  type        = number
  description = "Days between the deletion of the key and the loss of everything encrypted with it."
  default     = 30
  nullable    = false
  validation {
    condition     = var.key_deletion_days >= 7 && var.key_deletion_days <= 30
    error_message = "key_deletion_days must be 7 to 30."
  }
}

variable "force_destroy" {
  type        = bool
  description = "Whether destroying the module deletes the data with the buckets. For throw-away environments only."
  default     = false
  nullable    = false
}

variable "tags" {
  type        = map(string)
  description = "Tags of everything the module creates."
  default     = {}
  nullable    = false
}
