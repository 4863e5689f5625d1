provider "aws" {
  region = "eu-central-1"
}

module "lake_bucket" {
  source                   = "../.."
  name                     = "acme-lake"
  feeds                    = ["sales_orders"]
  lake_path                = "retail/lake"
  bronze_cold_after_days   = 120
  bronze_expire_after_days = 2555
  noncurrent_days          = 14
  abort_multipart_days     = 3
  log_expire_after_days    = 90
  key_deletion_days        = 14
  force_destroy            = true
  tags                     = { environment = "example", owner = "data" }
}

output "lake" {
  description = "What --lake takes."
  value       = module.lake_bucket.lake
}
