output "profile" {
  description = "Settings of Medallion that follow from what was made: terraform output -json | medallion config import. Holds no secret; the loader's private key stays where you made it."
  value = tomap(merge(
    {
      "lake"                  = module.lake_bucket.lake
      "s3.region"             = var.region
      "s3.kms.key"            = module.lake_bucket.kms_key_arn
      "snowflake.url"         = "${lower(replace("${var.snowflake_organization}-${var.snowflake_account}", "_", "-"))}.snowflakecomputing.com"
      "snowflake.user"        = module.snowflake.loader_user
      "snowflake.role"        = module.snowflake.loader_role
      "snowflake.warehouse"   = module.snowflake.warehouse
      "snowflake.database"    = module.snowflake.database
      "snowflake.schema"      = module.snowflake.gold_schema
      "snowflake.load.schema" = module.snowflake.load_schema
    },
    { for server in module.kafka[*].bootstrap_servers : "kafka.bootstrap.servers" => server },
  ))
}

output "role_arns" {
  description = "ARNs of the roles to give to the cluster, by layer."
  value       = module.lake_access.role_arns
}

output "analyst_role" {
  description = "Snowflake role that reads gold."
  value       = module.snowflake.analyst_role
}

output "log_bucket" {
  description = "Bucket with the access logs of the lake."
  value       = module.lake_bucket.log_bucket
}
