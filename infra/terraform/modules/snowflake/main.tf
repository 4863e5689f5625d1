resource "snowflake_database" "this" {
  name                           = var.name
  comment                        = "Medallion's star schemas"
  data_retention_time_in_days    = var.retention_days
  drop_public_schema_on_creation = true
}

# GOLD is what analysts see; LOAD is where rows stand until they are merged, and nobody's but the loader's.
# Managed access: the loader owns the tables that it creates, and still cannot hand them to others.
resource "snowflake_schema" "this" {
  for_each                    = { GOLD = var.retention_days, LOAD = 0 }
  database                    = snowflake_database.this.name
  name                        = each.key
  with_managed_access         = "true"
  data_retention_time_in_days = each.value
}

# --- compute, and its limit ---------------------------------------------------------------------

resource "snowflake_resource_monitor" "this" {
  name                      = "${var.name}_MONITOR"
  credit_quota              = var.monthly_credits
  frequency                 = "MONTHLY"
  start_timestamp           = "IMMEDIATELY"
  notify_triggers           = [50, 80]
  suspend_trigger           = 95
  suspend_immediate_trigger = 100
}

resource "snowflake_warehouse" "this" {
  name                         = "${var.name}_WH"
  comment                      = "Loads and queries of ${var.name}"
  warehouse_size               = var.warehouse_size
  auto_suspend                 = var.auto_suspend_seconds
  auto_resume                  = "true"
  initially_suspended          = true
  resource_monitor             = snowflake_resource_monitor.this.name
  statement_timeout_in_seconds = 3600
}

# --- who ----------------------------------------------------------------------------------------

resource "snowflake_account_role" "this" {
  for_each = {
    LOADER  = "Creates and fills the tables of ${var.name}"
    ANALYST = "Reads the gold tables of ${var.name}"
  }
  name    = "${var.name}_${each.key}"
  comment = each.value
}

resource "snowflake_network_policy" "loader" {
  name            = "${var.name}_LOADER_NETWORK"
  comment         = "Where ${var.name}'s loader logs in from"
  allowed_ip_list = var.allowed_ips
}

resource "snowflake_service_user" "loader" {
  name                           = "${var.name}_LOADER"
  comment                        = "Medallion's loads; logs in with a key, never with a password"
  rsa_public_key                 = var.loader_public_key
  rsa_public_key_2               = var.loader_public_key_next
  default_role                   = snowflake_account_role.this["LOADER"].name
  default_secondary_roles_option = "NONE"
  default_warehouse              = snowflake_warehouse.this.name
  default_namespace              = "${snowflake_database.this.name}.${snowflake_schema.this["GOLD"].name}"
  network_policy                 = snowflake_network_policy.loader.name
}

resource "snowflake_grant_account_role" "loader_user" {
  role_name = snowflake_account_role.this["LOADER"].name
  user_name = snowflake_service_user.loader.name
}

resource "snowflake_grant_account_role" "administrator" {
  for_each         = snowflake_account_role.this
  role_name        = each.value.name
  parent_role_name = var.administrator
}

resource "snowflake_grant_account_role" "analyst" {
  for_each         = var.analyst_grantees
  role_name        = snowflake_account_role.this["ANALYST"].name
  parent_role_name = each.value
}

# --- what they may ------------------------------------------------------------------------------

locals {
  database = snowflake_database.this.fully_qualified_name
  gold     = snowflake_schema.this["GOLD"].fully_qualified_name
  load     = snowflake_schema.this["LOAD"].fully_qualified_name

  # All privileges there are: a role, what it may, and on what. Nobody is given ownership; a table is its creator's.
  grants = merge(
    {
      loader_database  = { role = "LOADER", may = ["USAGE"], on = { DATABASE = local.database } }
      loader_warehouse = { role = "LOADER", may = ["USAGE"], on = { WAREHOUSE = snowflake_warehouse.this.fully_qualified_name } }
      loader_gold      = { role = "LOADER", may = ["USAGE", "CREATE TABLE", "CREATE VIEW", "CREATE STAGE"], on = { SCHEMA = local.gold } }
      loader_load      = { role = "LOADER", may = ["USAGE", "CREATE TABLE", "CREATE STAGE"], on = { SCHEMA = local.load } }

      analyst_database  = { role = "ANALYST", may = ["USAGE"], on = { DATABASE = local.database } }
      analyst_warehouse = { role = "ANALYST", may = ["USAGE"], on = { WAREHOUSE = snowflake_warehouse.this.fully_qualified_name } }
      analyst_gold      = { role = "ANALYST", may = ["USAGE"], on = { SCHEMA = local.gold } }
      analyst_tables    = { role = "ANALYST", may = ["SELECT"], on = { FUTURE_TABLES = local.gold } }
      analyst_views     = { role = "ANALYST", may = ["SELECT"], on = { FUTURE_VIEWS = local.gold } }
    },
    var.external_stage == null ? {} : {
      loader_stage = { role = "LOADER", may = ["USAGE"], on = { STAGE = snowflake_stage_external_s3.gold[0].fully_qualified_name } }
    },
  )
}

resource "snowflake_grant_privileges_to_account_role" "this" {
  for_each          = local.grants
  account_role_name = snowflake_account_role.this[each.value.role].name
  privileges        = each.value.may

  dynamic "on_account_object" {
    for_each = { for type, name in each.value.on : type => name if contains(["DATABASE", "WAREHOUSE"], type) }
    content {
      object_type = on_account_object.key
      object_name = on_account_object.value
    }
  }
  dynamic "on_schema" {
    for_each = { for type, name in each.value.on : type => name if type == "SCHEMA" }
    content {
      schema_name = on_schema.value
    }
  }
  dynamic "on_schema_object" {
    for_each = { for type, name in each.value.on : type => name if startswith(type, "FUTURE_") }
    content {
      future {
        object_type_plural = trimprefix(on_schema_object.key, "FUTURE_")
        in_schema          = on_schema_object.value
      }
    }
  }
  dynamic "on_schema_object" {
    for_each = { for type, name in each.value.on : type => name if type == "STAGE" }
    content {
      object_type = on_schema_object.key
      object_name = on_schema_object.value
    }
  }
}

# --- gold's files as a stage, when asked --------------------------------------------------------

resource "snowflake_storage_integration_aws" "gold" {
  count                     = var.external_stage == null ? 0 : 1
  name                      = "${var.name}_GOLD_S3"
  enabled                   = true
  storage_provider          = "S3"
  storage_aws_role_arn      = var.external_stage.role_arn
  storage_allowed_locations = [var.external_stage.url]
}

resource "snowflake_stage_external_s3" "gold" {
  count               = var.external_stage == null ? 0 : 1
  database            = snowflake_database.this.name
  schema              = snowflake_schema.this["LOAD"].name
  name                = "GOLD_FILES"
  url                 = var.external_stage.url
  storage_integration = snowflake_storage_integration_aws.gold[0].name
}
