# The rules that matter, on what would be made. Needs no account: the provider's answers are made up.
mock_provider "aws" {
  mock_resource "aws_msk_serverless_cluster" {
    defaults = { arn = "arn:aws:kafka:eu-central-1:111122223333:cluster/acme-lake/aaaa-s1" }
  }
}

variables {
  name                      = "acme-lake"
  vpc_id                    = "vpc-0a1b2c3d"
  subnet_ids                = ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]
  client_security_group_ids = ["sg-0a1b2c3d"]
  topics                    = ["sales_orders"]
  reader_roles              = { bronze = "acme-lake-bronze" }
  writer_roles              = { shop = "shop-backend" }
}

run "nobody_connects_without_iam" {
  assert {
    condition     = aws_msk_serverless_cluster.this.client_authentication[0].sasl[0].iam[0].enabled
    error_message = "clients must log in by IAM"
  }
}

run "only_clients_reach_the_brokers" {
  assert {
    condition     = alltrue([for rule in aws_security_group.brokers.ingress : rule.from_port == 9098 && rule.to_port == 9098 && toset(rule.security_groups) == toset(["sg-0a1b2c3d"]) && length(coalesce(rule.cidr_blocks, [])) == 0 && length(coalesce(rule.ipv6_cidr_blocks, [])) == 0])
    error_message = "brokers must be open to the clients' security groups on the IAM port, and to no address"
  }
  assert {
    condition     = length(aws_security_group.brokers.ingress) == 1
    error_message = "there must be one way in"
  }
}

run "no_action_or_topic_is_a_wildcard" {
  assert {
    condition     = alltrue(flatten([for p in concat(values(aws_iam_role_policy.reader), values(aws_iam_role_policy.writer)) : [for s in jsondecode(p.policy).Statement : [for a in s.Action : !strcontains(a, "*")]]]))
    error_message = "policies must name their actions"
  }
  assert {
    condition     = alltrue(flatten([for p in concat(values(aws_iam_role_policy.reader), values(aws_iam_role_policy.writer)) : [for s in jsondecode(p.policy).Statement : [for r in s.Resource : !strcontains(r, "*") || endswith(r, ":group/acme-lake/aaaa-s1/spark-kafka-*")]]]))
    error_message = "policies must name their topics"
  }
  assert {
    condition     = toset(flatten([for s in jsondecode(aws_iam_role_policy.reader["bronze"].policy).Statement : s.Resource if s.Sid == "Read"])) == toset(["arn:aws:kafka:eu-central-1:111122223333:topic/acme-lake/aaaa-s1/sales_orders"])
    error_message = "the reader must read its topics only"
  }
}

run "the_reader_cannot_write" {
  assert {
    condition     = !strcontains(aws_iam_role_policy.reader["bronze"].policy, "Write") && !strcontains(aws_iam_role_policy.reader["bronze"].policy, "Create")
    error_message = "the reader must not write or create topics"
  }
}

run "one_zone_is_refused" {
  command = plan
  variables {
    subnet_ids = ["subnet-0a1b2c3d"]
  }
  expect_failures = [var.subnet_ids]
}

run "a_topic_wildcard_is_refused" {
  command = plan
  variables {
    topics = ["*"]
  }
  expect_failures = [var.topics]
}
