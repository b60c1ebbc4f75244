#!/bin/sh
# Writes a Terraform CLI configuration into the file that it is given, for init to work offline: where the AWS provider is
# installed, as Terraform's mirrors have it. Writes nothing where it is not, or where the user has a configuration.
set -eu

[ ! -f "${TF_CLI_CONFIG_FILE:-}" ] || exit 0
provider=$(find /opt /usr "$HOME" -xdev -path '*/registry.terraform.io/hashicorp/aws/*' \
    -name 'terraform-provider-aws_v*' -not -path '*/.terraform/*' 2>/dev/null | head -n 1 || true)
[ -n "$provider" ] || exit 0
printf 'provider_installation {\n  filesystem_mirror {\n    path = "%s"\n  }\n}\n' \
    "${provider%/registry.terraform.io/*}" >"$1"
