# The rules that matter, on the policies that would be made. Needs no account: the provider's answers are made up.
mock_provider "aws" {
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/made-up" }
  }
}

variables {
  name             = "acme-lake"
  bucket_arn       = "arn:aws:s3:::acme-lake-111122223333"
  kms_key_arn      = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"
  roles            = ["bronze", "silver", "gold", "warehouse", "run", "operator"]
  trusted_services = ["ec2.amazonaws.com", "pods.eks.amazonaws.com"]
  trusted_arns     = ["arn:aws:iam::111122223333:role/orchestrator"]
  sources          = [{ bucket = "acme-drop", prefix = "sales/", kms_key_arn = "arn:aws:kms:eu-central-1:111122223333:key/99999999-2222-3333-4444-555555555555" }]
  snowflake_reader = { iam_user_arn = "arn:aws:iam::999988887777:user/abc1-s-example", external_id = "ACME_SFCRole=2_example" }
}

run "no_action_is_a_wildcard" {
  assert {
    condition     = alltrue(flatten([for p in aws_iam_role_policy.this : [for s in jsondecode(p.policy).Statement : [for action in flatten([s.Action]) : !strcontains(action, "*")]]]))
    error_message = "every policy must name its actions"
  }
  assert {
    condition     = alltrue(flatten([for p in aws_iam_role_policy.this : [for s in jsondecode(p.policy).Statement : [for r in flatten([s.Resource]) : r != "*" && !strcontains(trimsuffix(r, "/*"), "*")]]]))
    error_message = "a resource may have a wildcard only at its end, below a folder"
  }
  assert {
    condition     = alltrue(flatten([for p in aws_iam_role_policy.this : [for s in jsondecode(p.policy).Statement : s.Effect == "Allow" && !can(s.NotAction) && !can(s.NotResource)]]))
    error_message = "policies must say what is allowed, not what is not"
  }
}

run "no_principal_is_a_wildcard" {
  assert {
    condition     = alltrue([for r in aws_iam_role.this : !strcontains(jsonencode([for s in jsondecode(r.assume_role_policy).Statement : s.Principal]), "*")])
    error_message = "every role must name who takes it on"
  }
  assert {
    condition     = alltrue([for r in aws_iam_role.this : !strcontains(r.assume_role_policy, ":root")])
    error_message = "no role may trust an account as a whole"
  }
  assert {
    condition     = jsondecode(aws_iam_role.this["snowflake"].assume_role_policy).Statement[0].Condition.StringEquals["sts:ExternalId"] == "ACME_SFCRole=2_example"
    error_message = "Snowflake's role must ask for the external id"
  }
}

run "each_layer_writes_its_own_folders_only" {
  assert {
    condition = alltrue([for role, folders in {
      bronze    = ["bronze", "_checkpoints/bronze", "ops"]
      silver    = ["silver", "_checkpoints/silver", "ops"]
      gold      = ["gold", "_checkpoints/gold", "ops"]
      warehouse = ["_checkpoints/warehouse", "ops"]
      run       = ["bronze", "silver", "gold", "_checkpoints", "ops"]
      operator  = []
      snowflake = []
      } : toset(flatten([for s in jsondecode(aws_iam_role_policy.this[role].policy).Statement : s.Resource
      if length(setintersection(flatten([s.Action]), ["s3:PutObject", "s3:DeleteObject"])) > 0])) == toset([for f in folders : "arn:aws:s3:::acme-lake-111122223333/lake/${f}/*"])
    ])
    error_message = "a role writes another layer's folder, or not its own"
  }
  assert {
    condition     = alltrue([for p in aws_iam_role_policy.this : !strcontains(p.policy, "s3:DeleteObjectVersion") && !strcontains(p.policy, "s3:PutBucket")])
    error_message = "no role may delete versions or change the bucket"
  }
}

run "each_layer_reads_the_one_before_it" {
  assert {
    condition = alltrue([for role, folders in {
      bronze    = []
      silver    = ["bronze"]
      gold      = ["silver"]
      warehouse = ["gold"]
      snowflake = ["gold"]
      } : toset(concat([for f in folders : "arn:aws:s3:::acme-lake-111122223333/lake/${f}/*"], flatten([for s in jsondecode(aws_iam_role_policy.this[role].policy).Statement : s.Resource if s.Sid == "Write"])))
      == toset(flatten([for s in jsondecode(aws_iam_role_policy.this[role].policy).Statement : [for r in s.Resource : r if endswith(r, "/*")] if s.Sid == "Read"]))
    ])
    error_message = "a role reads more or less than its own folders and those of the layer before"
  }
  assert {
    condition     = toset([for role, p in aws_iam_role_policy.this : role if strcontains(p.policy, "acme-drop")]) == toset(["bronze", "run"])
    error_message = "only what lands files may read the sources"
  }
}

run "only_writers_may_make_data_keys" {
  assert {
    condition     = toset([for role, p in aws_iam_role_policy.this : role if strcontains(p.policy, "kms:GenerateDataKey")]) == toset(["bronze", "silver", "gold", "warehouse", "run"])
    error_message = "readers must not encrypt, writers must"
  }
  assert {
    condition     = alltrue(flatten([for p in aws_iam_role_policy.this : [for s in jsondecode(p.policy).Statement : length(s.Resource) == 1 && can(regex("^arn:aws:kms:[^*]*$", s.Resource[0])) if strcontains(jsonencode(s.Action), "kms:")]]))
    error_message = "a key must be named by its ARN"
  }
}

run "nobody_to_trust_is_refused" {
  command = plan
  variables {
    trusted_arns     = []
    trusted_services = []
  }
  expect_failures = [var.trusted_arns]
}

run "trusting_everybody_is_refused" {
  command = plan
  variables {
    trusted_arns = ["*"]
  }
  expect_failures = [var.trusted_arns]
}

run "trusting_an_account_as_a_whole_is_refused" {
  command = plan
  variables {
    trusted_arns = ["arn:aws:iam::111122223333:root"]
  }
  expect_failures = [var.trusted_arns]
}

run "a_source_with_a_wildcard_is_refused" {
  command = plan
  variables {
    sources = [{ bucket = "acme-*" }]
  }
  expect_failures = [var.sources]
}

run "an_unknown_role_is_refused" {
  command = plan
  variables {
    roles = ["platinum"]
  }
  expect_failures = [var.roles]
}
