# How the modules fit. Needs no account: the providers' answers are made up.
mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_data "aws_region" {
    defaults = { region = "eu-central-1" }
  }
  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555" }
  }
  mock_resource "aws_msk_serverless_cluster" {
    defaults = { arn = "arn:aws:kafka:eu-central-1:111122223333:cluster/medallion-dev/aaaa-s1", bootstrap_brokers_sasl_iam = "boot-x.c1.kafka-serverless.eu-central-1.amazonaws.com:9098" }
  }
}

mock_provider "snowflake" {
  mock_resource "snowflake_storage_integration_aws" {
    defaults = { describe_output = [{ iam_user_arn = "arn:aws:iam::999988887777:user/abc1-s-example", external_id = "ACME_SFCRole=2_example", allowed_locations = [], blocked_locations = [], comment = "", enabled = true, id = "", object_acl = "", provider = "S3", role_arn = "", use_privatelink_endpoint = false }] }
  }
}

# The private half of this key was thrown away.
variables {
  account_id             = "111122223333"
  region                 = "eu-central-1"
  snowflake_organization = "ACME"
  snowflake_account      = "RETAIL_EU"
  allowed_ips            = ["203.0.113.7"]
  loader_public_key      = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA18TJkoOLc8uhwhUDBQR1EBjmkrBurPL9JBwv6CDE7Q5YuisGtUU96YBYHJg3MD8991r44+vcL8tPOX/O4jhKdL2E19g47T/qBUNr4LtETg3E3wIRPneGFGb33T/9wBEvUb6wdHx7o+AXgftRFZHuAlO5vOX8WBNLvajwJiB+uL/Ij/UE5gB3vU8tecxmrJP3Pm7QWPplkhNuTdxzJjkYT8fw7ZJzyPE77ok+Evu3uOx7fTk2su7JtOmDBSbdZdG5OiEpSzOxR1Ls9K5z4DPH5TDmLB4gqVXBKC5ko2HvdAI2DMTKd6/TABay+m7JprbKWmemKjQiID+x6zuZPAnPdwIDAQAB"
}

run "the_profile_is_what_was_made" {
  assert {
    condition = output.profile == tomap({
      "lake"                  = "s3a://medallion-dev-111122223333/lake"
      "s3.region"             = "eu-central-1"
      "s3.kms.key"            = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"
      "snowflake.url"         = "acme-retail-eu.snowflakecomputing.com"
      "snowflake.user"        = "MEDALLION_DEV_LOADER"
      "snowflake.role"        = "MEDALLION_DEV_LOADER"
      "snowflake.warehouse"   = "MEDALLION_DEV_WH"
      "snowflake.database"    = "MEDALLION_DEV"
      "snowflake.schema"      = "GOLD"
      "snowflake.load.schema" = "LOAD"
    })
    error_message = "the profile must name what was made"
  }
  assert {
    condition     = endswith(local.snowflake_role_arn, ":role/${module.lake_access.role_names["snowflake"]}")
    error_message = "the storage integration must name the role that is made"
  }
}

run "kafka_is_an_option" {
  variables {
    kafka = {
      vpc_id                    = "vpc-0a1b2c3d"
      subnet_ids                = ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]
      client_security_group_ids = ["sg-0a1b2c3d"]
      topics                    = ["sales_orders"]
    }
  }
  assert {
    condition     = output.profile["kafka.bootstrap.servers"] == "boot-x.c1.kafka-serverless.eu-central-1.amazonaws.com:9098"
    error_message = "the profile must name the brokers"
  }
}
