provider "snowflake" {
  # Organization, account, user and key come from the environment: SNOWFLAKE_ORGANIZATION_NAME and so on.
  role = "ACCOUNTADMIN"
}

variable "loader_public_key" {
  type        = string
  description = "RSA public key of the loader: the base64 body on one line."
}

module "snowflake" {
  source            = "../.."
  name              = "RETAIL"
  loader_public_key = var.loader_public_key
  allowed_ips       = ["203.0.113.7"]
}

output "loader" {
  description = "User and role that load."
  value       = { user = module.snowflake.loader_user, role = module.snowflake.loader_role }
}
