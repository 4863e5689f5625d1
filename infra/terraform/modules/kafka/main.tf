resource "aws_security_group" "brokers" {
  name        = "${var.name}-kafka"
  description = "Kafka brokers of ${var.name}"
  vpc_id      = var.vpc_id
  tags        = var.tags

  # Kafka over TLS with IAM, to the clients' groups only.
  ingress {
    protocol        = "tcp"
    from_port       = 9098
    to_port         = 9098
    security_groups = var.client_security_group_ids
  }
}

# Serverless: encrypted at rest and in transit, IAM for everybody, and nothing to size.
resource "aws_msk_serverless_cluster" "this" {
  cluster_name = var.name
  tags         = var.tags

  vpc_config {
    subnet_ids         = var.subnet_ids
    security_group_ids = [aws_security_group.brokers.id]
  }
  client_authentication {
    sasl {
      iam {
        enabled = true
      }
    }
  }
}

locals {
  cluster = aws_msk_serverless_cluster.this.arn
  topics  = [for topic in sort(var.topics) : "${replace(local.cluster, ":cluster/", ":topic/")}/${topic}"]
  # Spark makes up a group for each query and commits no offset to it.
  groups = ["${replace(local.cluster, ":cluster/", ":group/")}/spark-kafka-*"]

  reader = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Connect", Effect = "Allow", Action = ["kafka-cluster:Connect"], Resource = [local.cluster] },
      { Sid = "Read", Effect = "Allow", Action = ["kafka-cluster:DescribeTopic", "kafka-cluster:ReadData"], Resource = local.topics },
      { Sid = "Group", Effect = "Allow", Action = ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"], Resource = local.groups },
    ]
  })
  writer = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Connect", Effect = "Allow", Action = ["kafka-cluster:Connect", "kafka-cluster:WriteDataIdempotently"], Resource = [local.cluster] },
      { Sid = "Write", Effect = "Allow", Action = ["kafka-cluster:CreateTopic", "kafka-cluster:DescribeTopic", "kafka-cluster:WriteData"], Resource = local.topics },
    ]
  })
}

resource "aws_iam_role_policy" "reader" {
  for_each = var.reader_roles
  name     = "${var.name}-kafka-read"
  role     = each.value
  policy   = local.reader
}

resource "aws_iam_role_policy" "writer" {
  for_each = var.writer_roles
  name     = "${var.name}-kafka-write"
  role     = each.value
  policy   = local.writer
}
