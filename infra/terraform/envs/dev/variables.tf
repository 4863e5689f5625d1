variable "account_id" {
  type        = string
  description = "Number of the AWS account. Terraform refuses to work in any other."
  nullable    = false
  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be the twelve digits of an AWS account."
  }
}

variable "region" {
  type        = string
  description = "AWS region of everything."
  nullable    = false
  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be an AWS region, such as eu-central-1."
  }
}

variable "name" {
  type        = string
  description = "Stem of every name: buckets, roles, key."
  default     = "medallion-dev"
  nullable    = false
}

variable "feeds" {
  type        = set(string)
  description = "Feeds whose landed files move to colder storage."
  default     = ["sales_orders"]
  nullable    = false
}

variable "bronze_expire_after_days" {
  type        = number
  description = "Days after which landed files are deleted; null keeps them for ever."
  default     = null
}

variable "sources" {
  type = list(object({
    bucket      = string
    prefix      = optional(string, "")
    kms_key_arn = optional(string)
  }))
  description = "Buckets and folders where files are dropped."
  default     = []
  nullable    = false
}

variable "trusted_services" {
  type        = set(string)
  description = "AWS services that run Medallion, such as ec2.amazonaws.com."
  default     = ["ec2.amazonaws.com"]
  nullable    = false
}

variable "trusted_arns" {
  type        = set(string)
  description = "IAM roles and users that may take on Medallion's roles, such as yours."
  default     = []
  nullable    = false
}

variable "snowflake_organization" {
  type        = string
  description = "Name of the Snowflake organization."
  nullable    = false
  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9]*$", var.snowflake_organization))
    error_message = "snowflake_organization must be the part of the account's identifier before the hyphen."
  }
}

variable "snowflake_account" {
  type        = string
  description = "Name of the Snowflake account in its organization."
  nullable    = false
  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_]*$", var.snowflake_account))
    error_message = "snowflake_account must be the part of the account's identifier after the hyphen."
  }
}

variable "loader_public_key" {
  type        = string
  description = "RSA public key of the loader: the base64 body on one line."
  nullable    = false
}

variable "loader_public_key_next" {
  type        = string
  description = "A second key, while keys are exchanged."
  default     = null
}

variable "allowed_ips" {
  type        = set(string)
  description = "IPv4 addresses or ranges that the cluster goes out by."
  nullable    = false
}

variable "analyst_grantees" {
  type        = set(string)
  description = "Snowflake account roles whose users may read gold."
  default     = []
  nullable    = false
}

variable "kafka" {
  type = object({
    vpc_id                    = string
    subnet_ids                = set(string)
    client_security_group_ids = set(string)
    topics                    = set(string)
  })
  description = "Network and topics of an MSK Serverless cluster; null makes none."
  default     = null
}
