output "role_arns" {
  description = "ARN of each role, by the role's short name (bronze, silver, …)."
  value       = { for role in local.roles : role => aws_iam_role.this[role].arn }
}

output "role_names" {
  description = "Name of each role, by the role's short name; to attach further policies to."
  value       = { for role in local.roles : role => aws_iam_role.this[role].name }
}

output "policies" {
  description = "Each role's policy as JSON, by the role's short name."
  value       = { for role in local.roles : role => jsonencode(local.policies[role]) }
}
