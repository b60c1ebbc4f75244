#!/bin/sh
# Checks the Terraform modules: format, validity, and the tests in tests/. Needs neither an account nor, where the AWS
# provider is installed already, a network.
set -eu
cd "$(dirname "$0")"

if ! command -v terraform >/dev/null; then
    echo "terraform is not installed: its modules are not checked"
    case ,${PARLEY_REQUIRE:-}, in
        *,terraform,*) exit 1 ;;
    esac
    exit 0
fi

export CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 TF_CLI_ARGS=-no-color
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TF_DATA_DIR="$work/data"

# Offline where the provider is installed; elsewhere init downloads it.
./mirror.sh "$work/terraformrc"
[ ! -f "$work/terraformrc" ] || export TF_CLI_CONFIG_FILE="$work/terraformrc"

terraform fmt -check -recursive
# On a copy, for the lock file: one made from a mirror knows one platform only. The tests read what stands beside it.
mkdir -p "$work/parley/docs" "$work/parley/terraform"
cp ../docs/*.md "$work/parley/docs/"
for metrics in broadcast-lambda/src/main/java/io/parley/broadcast/BroadcastMetrics.java \
    ingest-lambdas/src/main/java/io/parley/ingest/IngestMetrics.java flink-job/src/main/java/io/parley/job/JobMetrics.java; do
    mkdir -p "$work/parley/${metrics%/*}"
    cp "../$metrics" "$work/parley/$metrics"
done
cp -R ./*.tf README.md modules tests examples "$work/parley/terraform/"
cd "$work/parley/terraform"
terraform init -backend=false -input=false >"$work/init.log" || { cat "$work/init.log"; exit 1; }
terraform validate
terraform test
for example in examples/*.tfvars; do
    echo "$example"
    terraform test -test-directory=examples/tests -var-file="$example"
done
