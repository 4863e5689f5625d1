# Once per account, before dev and prod: the bucket of their states. Its own state is local; keep terraform.tfstate, or import the
# bucket again when it is lost.
module "state" {
  source          = "../../modules/lake_bucket"
  name            = var.name
  noncurrent_days = 365 # an old state is the way back from a bad apply
}
