locals {
  snowflake_role_arn = "arn:aws:iam::${var.account_id}:role/${var.name}-snowflake" # named before it is made: the integration asks for it first
}

module "lake_bucket" {
  source                   = "../../modules/lake_bucket"
  name                     = var.name
  feeds                    = var.feeds
  bronze_expire_after_days = var.bronze_expire_after_days
}

module "snowflake" {
  source                 = "../../modules/snowflake"
  name                   = upper(replace(var.name, "-", "_"))
  loader_public_key      = var.loader_public_key
  loader_public_key_next = var.loader_public_key_next
  allowed_ips            = var.allowed_ips
  analyst_grantees       = var.analyst_grantees
  monthly_credits        = 50
  warehouse_size         = "SMALL"
  external_stage = {
    role_arn = local.snowflake_role_arn
    url      = "s3://${module.lake_bucket.bucket}/${module.lake_bucket.lake_path}/gold/"
  }
}

module "lake_access" {
  source           = "../../modules/lake_access"
  name             = var.name
  bucket_arn       = module.lake_bucket.bucket_arn
  lake_path        = module.lake_bucket.lake_path
  kms_key_arn      = module.lake_bucket.kms_key_arn
  roles            = ["bronze", "silver", "gold", "warehouse", "run", "operator"]
  sources          = var.sources
  trusted_services = var.trusted_services
  trusted_arns     = var.trusted_arns
  snowflake_reader = module.snowflake.storage_integration
}

module "kafka" {
  source                    = "../../modules/kafka"
  count                     = var.kafka == null ? 0 : 1
  name                      = var.name
  vpc_id                    = var.kafka.vpc_id
  subnet_ids                = var.kafka.subnet_ids
  client_security_group_ids = var.kafka.client_security_group_ids
  topics                    = var.kafka.topics
  reader_roles              = { for role, name in module.lake_access.role_names : role => name if contains(["bronze", "run"], role) }
}
