variable "name" {
  type        = string
  description = "Name of the database, and stem of all other names (NAME_WH, NAME_LOADER …), as Snowflake stores it: in capitals."
  nullable    = false
  validation {
    condition     = can(regex("^[A-Z][A-Z0-9_]{1,60}$", var.name))
    error_message = "name must be 2 to 61 capitals, digits or underscores and begin with a letter."
  }
}

variable "loader_public_key" {
  type        = string
  description = "RSA public key of the service user that loads: the base64 body on one line, without the BEGIN and END lines."
  nullable    = false
  validation {
    condition     = can(regex("^MII[A-Za-z0-9+/]{380,}={0,2}$", var.loader_public_key))
    error_message = "loader_public_key must be the base64 body of an RSA public key of 2048 bits or more on one line, without the BEGIN and END lines."
  }
}

variable "loader_public_key_next" {
  type        = string
  description = "A second key that is valid beside the first while keys are exchanged; null has none."
  default     = null
  validation {
    condition     = var.loader_public_key_next == null ? true : can(regex("^MII[A-Za-z0-9+/]{380,}={0,2}$", var.loader_public_key_next))
    error_message = "loader_public_key_next must be the base64 body of an RSA public key of 2048 bits or more on one line, without the BEGIN and END lines."
  }
}

variable "allowed_ips" {
  type        = set(string)
  description = "IPv4 addresses or ranges (CIDR) from which the service user may log in: the addresses that the cluster goes out by."
  nullable    = false
  validation {
    condition     = length(var.allowed_ips) > 0 && alltrue([for ip in var.allowed_ips : can(cidrnetmask(strcontains(ip, "/") ? ip : "${ip}/32"))])
    error_message = "allowed_ips must be one or more IPv4 addresses or ranges, such as 203.0.113.7 or 203.0.113.0/28."
  }
  validation {
    condition     = alltrue([for ip in var.allowed_ips : !can(regex("/[0-7]$", ip))])
    error_message = "A range of allowed_ips wider than /8 lets the world in."
  }
}

variable "analyst_grantees" {
  type        = set(string)
  description = "Account roles that get the analyst role, so that their users can read gold."
  default     = []
  nullable    = false
  validation {
    condition     = !contains([for role in var.analyst_grantees : upper(role)], "PUBLIC")
    error_message = "Everybody in the account has the role PUBLIC: name the roles of those who may read."
  }
}

variable "administrator" {
  type        = string
  description = "Account role above the loader and the analyst, so that an administrator can see what they own."
  default     = "SYSADMIN"
  nullable    = false
  validation {
    condition     = var.administrator != "" && upper(var.administrator) != "PUBLIC"
    error_message = "administrator must be an account role other than PUBLIC."
  }
}

variable "warehouse_size" {
  type        = string
  description = "Size of the warehouse. A load of a few million rows is content with XSMALL."
  default     = "XSMALL"
  nullable    = false
  validation {
    condition     = contains(["XSMALL", "SMALL", "MEDIUM", "LARGE", "XLARGE", "XXLARGE"], var.warehouse_size)
    error_message = "warehouse_size is one of XSMALL, SMALL, MEDIUM, LARGE, XLARGE and XXLARGE."
  }
}

variable "auto_suspend_seconds" {
  type        = number
  description = "Seconds without a query after which the warehouse stops, and with it its bill."
  default     = 60
  nullable    = false
  validation {
    condition     = var.auto_suspend_seconds >= 30 && var.auto_suspend_seconds <= 3600
    error_message = "auto_suspend_seconds must be 30 to 3600; 0 would never suspend."
  }
}

variable "monthly_credits" {
  type        = number
  description = "Credits that the warehouse may use a month. At 95 % no new query starts, at 100 % running ones are ended."
  default     = 10
  nullable    = false
  validation {
    condition     = var.monthly_credits >= 1
    error_message = "monthly_credits must be 1 or more."
  }
}

variable "retention_days" {
  type        = number
  description = "Days of time travel for the gold tables. More than 1 needs Snowflake's Enterprise edition."
  default     = 1
  nullable    = false
  validation {
    condition     = var.retention_days >= 0 && var.retention_days <= 90
    error_message = "retention_days must be 0 to 90."
  }
}

variable "external_stage" {
  type = object({
    role_arn = string
    url      = string
  })
  description = "IAM role that reads gold (lake_access's role snowflake) and gold's place (s3://…/gold/): makes a storage integration and a stage over gold's files. null makes neither; loading needs neither."
  default     = null
  validation {
    condition     = var.external_stage == null ? true : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[^*]+$", var.external_stage.role_arn))
    error_message = "external_stage.role_arn must be the ARN of an IAM role."
  }
  validation {
    condition     = var.external_stage == null ? true : can(regex("^s3://[a-z0-9][a-z0-9.-]+/[^*]+/$", var.external_stage.url))
    error_message = "external_stage.url must name a folder in a bucket, such as s3://acme-lake-111122223333/lake/gold/."
  }
}
