# The rules that matter, on what would be made. Needs no account: the provider's answers are made up.
mock_provider "snowflake" {
  mock_resource "snowflake_storage_integration_aws" {
    defaults = { describe_output = [{ iam_user_arn = "arn:aws:iam::999988887777:user/abc1-s-example", external_id = "ACME_SFCRole=2_example", allowed_locations = [], blocked_locations = [], comment = "", enabled = true, id = "", object_acl = "", provider = "S3", role_arn = "", use_privatelink_endpoint = false }] }
  }
}

# The private half of this key was thrown away.
variables {
  name              = "RETAIL"
  loader_public_key = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA18TJkoOLc8uhwhUDBQR1EBjmkrBurPL9JBwv6CDE7Q5YuisGtUU96YBYHJg3MD8991r44+vcL8tPOX/O4jhKdL2E19g47T/qBUNr4LtETg3E3wIRPneGFGb33T/9wBEvUb6wdHx7o+AXgftRFZHuAlO5vOX8WBNLvajwJiB+uL/Ij/UE5gB3vU8tecxmrJP3Pm7QWPplkhNuTdxzJjkYT8fw7ZJzyPE77ok+Evu3uOx7fTk2su7JtOmDBSbdZdG5OiEpSzOxR1Ls9K5z4DPH5TDmLB4gqVXBKC5ko2HvdAI2DMTKd6/TABay+m7JprbKWmemKjQiID+x6zuZPAnPdwIDAQAB"
  allowed_ips       = ["203.0.113.7", "198.51.100.0/28"]
  external_stage = {
    role_arn = "arn:aws:iam::111122223333:role/acme-lake-snowflake"
    url      = "s3://acme-lake-111122223333/lake/gold/"
  }
}

run "the_analyst_cannot_write" {
  assert {
    condition     = toset(flatten([for g in snowflake_grant_privileges_to_account_role.this : g.privileges if g.account_role_name == "RETAIL_ANALYST"])) == toset(["USAGE", "SELECT"])
    error_message = "the analyst must have USAGE and SELECT, and nothing besides"
  }
  assert {
    condition     = length(toset([local.gold, local.load])) == 2 && toset(flatten([for g in local.grants : values(g.on) if g.role == "ANALYST"])) == toset([local.database, local.gold, snowflake_warehouse.this.fully_qualified_name])
    error_message = "the analyst must see the database, gold and the warehouse, and not the load schema or the stage"
  }
  assert {
    condition     = toset(flatten([for g in snowflake_grant_privileges_to_account_role.this : [for o in g.on_schema_object : [for f in o.future : f.object_type_plural]] if g.account_role_name == "RETAIL_ANALYST"])) == toset(["TABLES", "VIEWS"])
    error_message = "the analyst must be able to read tables and views that are yet to come"
  }
}

run "the_loader_owns_only_what_it_creates" {
  assert {
    condition     = toset(flatten([for g in snowflake_grant_privileges_to_account_role.this : g.privileges if g.account_role_name == "RETAIL_LOADER"])) == toset(["USAGE", "CREATE TABLE", "CREATE VIEW", "CREATE STAGE"])
    error_message = "the loader must be able to use and create, and nothing besides: not to own, alter or drop what it has not created"
  }
  assert {
    condition     = alltrue(flatten([for g in snowflake_grant_privileges_to_account_role.this : [for o in g.on_account_object : toset(g.privileges) == toset(["USAGE"])]]))
    error_message = "database and warehouse may only be used"
  }
  assert {
    condition     = alltrue([for s in snowflake_schema.this : s.with_managed_access == "true"])
    error_message = "schemas must be managed, so that the loader cannot hand its tables to others"
  }
}

run "no_grant_is_total" {
  assert {
    condition     = alltrue([for g in snowflake_grant_privileges_to_account_role.this : g.all_privileges != true && g.with_grant_option != true && g.on_account != true])
    error_message = "no grant may be of all privileges, be passed on, or be on the account"
  }
}

run "the_warehouse_stops_and_has_a_limit" {
  assert {
    condition     = snowflake_warehouse.this.auto_suspend == 60 && snowflake_warehouse.this.auto_resume == "true" && snowflake_warehouse.this.initially_suspended
    error_message = "the warehouse must stop after a minute, start by itself and begin stopped"
  }
  assert {
    condition     = snowflake_warehouse.this.resource_monitor == snowflake_resource_monitor.this.name && snowflake_resource_monitor.this.suspend_immediate_trigger == 100
    error_message = "the warehouse must stop when its credits are used"
  }
}

run "the_loader_logs_in_by_key_from_known_addresses" {
  assert {
    condition     = snowflake_service_user.loader.network_policy == snowflake_network_policy.loader.name && toset(snowflake_network_policy.loader.allowed_ip_list) == toset(["203.0.113.7", "198.51.100.0/28"])
    error_message = "the loader must log in from its addresses only"
  }
  assert {
    condition     = snowflake_service_user.loader.default_role == "RETAIL_LOADER" && snowflake_service_user.loader.default_secondary_roles_option == "NONE"
    error_message = "the loader must have its own role only"
  }
}

run "the_stage_is_gold_only" {
  assert {
    condition     = toset(snowflake_storage_integration_aws.gold[0].storage_allowed_locations) == toset(["s3://acme-lake-111122223333/lake/gold/"])
    error_message = "the integration must reach gold only"
  }
  assert {
    condition     = output.storage_integration.external_id == "ACME_SFCRole=2_example"
    error_message = "the external id must be handed on to the role's trust"
  }
}

run "no_stage_unless_asked" {
  variables {
    external_stage = null
  }
  assert {
    condition     = length(snowflake_storage_integration_aws.gold) == 0 && length(snowflake_stage_external_s3.gold) == 0 && output.storage_integration == null
    error_message = "without external_stage there must be no integration"
  }
}

run "a_login_from_everywhere_is_refused" {
  command = plan
  variables {
    allowed_ips = ["0.0.0.0/0"]
  }
  expect_failures = [var.allowed_ips]
}

run "a_key_with_its_header_is_refused" {
  command = plan
  variables {
    loader_public_key = "-----BEGIN PUBLIC KEY-----"
  }
  expect_failures = [var.loader_public_key]
}

run "a_warehouse_that_never_stops_is_refused" {
  command = plan
  variables {
    auto_suspend_seconds = 0
  }
  expect_failures = [var.auto_suspend_seconds]
}

run "everybody_as_analyst_is_refused" {
  command = plan
  variables {
    analyst_grantees = ["public"]
  }
  expect_failures = [var.analyst_grantees]
}
