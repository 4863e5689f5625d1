terraform {
  required_version = ">= 1.11"
  required_providers {
    aws       = { source = "hashicorp/aws", version = "~> 6.0" }
    snowflake = { source = "snowflakedb/snowflake", version = ">= 2.18, < 3.0" }
  }

  # Bucket, region and key's ARN come from backend.hcl, which envs/state prints. S3 itself holds the lock.
  backend "s3" {
    key          = "medallion/prod.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]
  default_tags {
    tags = { application = "medallion", environment = "prod" }
  }
}

provider "snowflake" {
  # User and key come from the environment: SNOWFLAKE_USER, SNOWFLAKE_AUTHENTICATOR, SNOWFLAKE_PRIVATE_KEY.
  organization_name = var.snowflake_organization
  account_name      = var.snowflake_account
  role              = "ACCOUNTADMIN" # resource monitors and integrations are an account administrator's
}
