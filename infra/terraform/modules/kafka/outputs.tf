output "bootstrap_servers" {
  description = "Brokers' address, for clients that log in by IAM."
  value       = aws_msk_serverless_cluster.this.bootstrap_brokers_sasl_iam
}

output "cluster_arn" {
  description = "ARN of the cluster."
  value       = aws_msk_serverless_cluster.this.arn
}

output "security_group_id" {
  description = "Security group of the brokers."
  value       = aws_security_group.brokers.id
}
