provider "snowflake" {
  role = "ACCOUNTADMIN"
}

variable "loader_public_key" {
  type        = string
  description = "RSA public key of the loader: the base64 body on one line."
}

module "snowflake" {
  source                 = "../.."
  name                   = "RETAIL"
  loader_public_key      = var.loader_public_key
  loader_public_key_next = var.loader_public_key
  allowed_ips            = ["203.0.113.0/28", "198.51.100.7"]
  analyst_grantees       = ["BUSINESS_INTELLIGENCE"]
  administrator          = "DATA_ADMIN"
  warehouse_size         = "SMALL"
  auto_suspend_seconds   = 120
  monthly_credits        = 50
  retention_days         = 7
  external_stage = {
    role_arn = "arn:aws:iam::111122223333:role/acme-lake-snowflake"
    url      = "s3://acme-lake-111122223333/lake/gold/"
  }
}

output "snowflake_reader" {
  description = "What lake_access's snowflake_reader takes."
  value       = module.snowflake.storage_integration
}
