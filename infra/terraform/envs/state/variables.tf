variable "name" {
  type        = string
  description = "Stem of the bucket's name; the account's number is appended."
  default     = "terraform-state"
  nullable    = false
}

variable "region" {
  type        = string
  description = "AWS region of the bucket."
  nullable    = false
}
