provider "aws" {
  region = "eu-central-1"
}

module "lake_bucket" {
  source    = "../../../lake_bucket"
  name      = "acme-lake"
  lake_path = "retail/lake"
}

module "lake_access" {
  source           = "../.."
  name             = "acme-lake"
  bucket_arn       = module.lake_bucket.bucket_arn
  lake_path        = module.lake_bucket.lake_path
  kms_key_arn      = module.lake_bucket.kms_key_arn
  roles            = ["run", "operator"]
  trusted_arns     = ["arn:aws:iam::111122223333:role/orchestrator"]
  trusted_services = ["emr-serverless.amazonaws.com"]
  sources = [
    { bucket = "acme-drop", prefix = "sales/" },
    { bucket = "acme-archive", kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555" },
  ]
  snowflake_reader = {
    iam_user_arn = "arn:aws:iam::999988887777:user/abc1-s-example"
    external_id  = "ACME_SFCRole=2_example"
  }
  permissions_boundary = "arn:aws:iam::111122223333:policy/data-boundary"
  tags                 = { environment = "example", owner = "data" }
}

output "role_arns" {
  description = "The roles to give to the cluster."
  value       = module.lake_access.role_arns
}
