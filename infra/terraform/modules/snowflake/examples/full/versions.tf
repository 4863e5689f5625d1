terraform {
  required_version = ">= 1.11"
  required_providers {
    snowflake = { source = "snowflakedb/snowflake", version = ">= 2.18, < 3.0" }
  }
}
