provider "aws" {
  region = "eu-central-1"
}

module "lake_bucket" {
  source = "../.."
  name   = "acme-lake"
}

output "lake" {
  description = "What --lake takes."
  value       = module.lake_bucket.lake
}
