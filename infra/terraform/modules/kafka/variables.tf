variable "name" {
  type        = string
  description = "Name of the cluster and of its security group."
  nullable    = false
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 42 lower-case letters, digits or hyphens, begin with a letter and not end with a hyphen."
  }
}

variable "vpc_id" {
  type        = string
  description = "VPC of the cluster that runs Medallion."
  nullable    = false
  validation {
    condition     = can(regex("^vpc-[0-9a-f]+$", var.vpc_id))
    error_message = "vpc_id must be the id of a VPC, such as vpc-0a1b2c3d."
  }
}

variable "subnet_ids" {
  type        = set(string)
  description = "Private subnets of the VPC, in two or more availability zones."
  nullable    = false
  validation {
    condition     = length(var.subnet_ids) >= 2 && alltrue([for id in var.subnet_ids : can(regex("^subnet-[0-9a-f]+$", id))])
    error_message = "subnet_ids must be two or more ids of subnets, such as subnet-0a1b2c3d: MSK Serverless spans two zones at least."
  }
}

variable "client_security_group_ids" {
  type        = set(string)
  description = "Security groups whose members may reach the brokers."
  nullable    = false
  validation {
    condition     = length(var.client_security_group_ids) > 0 && alltrue([for id in var.client_security_group_ids : can(regex("^sg-[0-9a-f]+$", id))])
    error_message = "client_security_group_ids must be one or more ids of security groups, such as sg-0a1b2c3d."
  }
}

variable "topics" {
  type        = set(string)
  description = "Topics that the roles may read and write. A topic is created by its first writer or by hand, not by Terraform."
  nullable    = false
  validation {
    condition     = length(var.topics) > 0 && alltrue([for topic in var.topics : can(regex("^[a-zA-Z0-9._-]{1,249}$", topic))])
    error_message = "topics must be one or more names of letters, digits, '.', '_' and '-', without wildcard."
  }
}

variable "reader_roles" {
  type        = map(string)
  description = "Names of the IAM roles that read the topics, each under a key of your choice (lake_access's role that lands)."
  default     = {}
  nullable    = false
}

variable "writer_roles" {
  type        = map(string)
  description = "Names of the IAM roles that write to the topics, each under a key of your choice."
  default     = {}
  nullable    = false
}

variable "tags" {
  type        = map(string)
  description = "Tags of everything the module creates."
  default     = {}
  nullable    = false
}
