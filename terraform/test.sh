#!/bin/sh
# Checks the Terraform modules: format, validity, and the tests in tests/. Needs neither an account nor, where the AWS
# provider is installed already, a network.
set -eu
cd "$(dirname "$0")"

if ! command -v terraform >/dev/null; then
    echo "terraform is not installed: its modules are not checked"
    exit 0
fi

export CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 TF_CLI_ARGS=-no-color
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TF_DATA_DIR="$work/data"

provider=${PARLEY_TERRAFORM_PROVIDER:-$(find / -xdev -path '*/registry.terraform.io/hashicorp/aws/*' \
    -name 'terraform-provider-aws_v*' 2>/dev/null | head -n 1 || true)}
if [ -n "$provider" ]; then
    mirror=${provider%/registry.terraform.io/*}
    printf 'provider_installation {\n  filesystem_mirror {\n    path = "%s"\n  }\n}\n' "$mirror" >"$work/terraformrc"
    export TF_CLI_CONFIG_FILE="$work/terraformrc"
fi

terraform fmt -check -recursive
# On a copy, for the lock file: one made from a mirror knows one platform only.
cp -R . "$work/terraform"
cp -R ../broadcast-lambda "$work/" 2>/dev/null || true
cd "$work/terraform"
terraform init -backend=false -input=false >"$work/init.log" || { cat "$work/init.log"; exit 1; }
terraform validate
terraform test
