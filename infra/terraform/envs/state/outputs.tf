output "backend" {
  description = "Contents of backend.hcl: terraform output -raw backend > ../dev/backend.hcl"
  value       = <<-EOT
    bucket     = "${module.state.bucket}"
    region     = "${var.region}"
    kms_key_id = "${module.state.kms_key_arn}"
  EOT
}
