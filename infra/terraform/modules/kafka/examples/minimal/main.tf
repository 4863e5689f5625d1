provider "aws" {
  region = "eu-central-1"
}

module "kafka" {
  source                    = "../.."
  name                      = "acme-lake"
  vpc_id                    = "vpc-0a1b2c3d"
  subnet_ids                = ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]
  client_security_group_ids = ["sg-0a1b2c3d"]
  topics                    = ["sales_orders"]
}

output "bootstrap_servers" {
  description = "Brokers' address."
  value       = module.kafka.bootstrap_servers
}
