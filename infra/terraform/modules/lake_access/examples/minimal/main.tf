provider "aws" {
  region = "eu-central-1"
}

module "lake_bucket" {
  source = "../../../lake_bucket"
  name   = "acme-lake"
}

module "lake_access" {
  source           = "../.."
  name             = "acme-lake"
  bucket_arn       = module.lake_bucket.bucket_arn
  kms_key_arn      = module.lake_bucket.kms_key_arn
  trusted_services = ["ec2.amazonaws.com"]
}

output "role_arns" {
  description = "The roles to give to the cluster."
  value       = module.lake_access.role_arns
}
