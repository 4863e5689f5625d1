output "database" {
  description = "Name of the database."
  value       = snowflake_database.this.name
}

output "gold_schema" {
  description = "Name of the schema with the tables that analysts read."
  value       = snowflake_schema.this["GOLD"].name
}

output "load_schema" {
  description = "Name of the schema where rows stand until they are merged."
  value       = snowflake_schema.this["LOAD"].name
}

output "warehouse" {
  description = "Name of the warehouse."
  value       = snowflake_warehouse.this.name
}

output "loader_user" {
  description = "Name of the service user that loads."
  value       = snowflake_service_user.loader.name
}

output "loader_role" {
  description = "Name of the role that loads."
  value       = snowflake_account_role.this["LOADER"].name
}

output "analyst_role" {
  description = "Name of the role that reads."
  value       = snowflake_account_role.this["ANALYST"].name
}

output "storage_integration" {
  description = "Snowflake's IAM user and the external id that lake_access's snowflake_reader takes; null without external_stage."
  value = one([for integration in snowflake_storage_integration_aws.gold : {
    iam_user_arn = integration.describe_output[0].iam_user_arn
    external_id  = integration.describe_output[0].external_id
  }])
}
