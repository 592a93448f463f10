#!/usr/bin/env bash
# Builds the images that the tests run and hands them to the nodes; the second time it takes seconds.
set -euo pipefail
cd "$(dirname "$0")/../.."
build() { tests/cluster/testbed/build-image.sh "$@"; }

version=$(sed -n 's/^appVersion: //p' charts/openposterdb/Chart.yaml)
for image in openposterdb:service openposterdb-operator:operator; do
    build "docker.io/openposterdb/${image%:*}:$version" . -f "containers/${image#*:}.Containerfile" \
        --build-arg "VERSION=$version"
done
# Where a registry can be reached, nodes get Redis from there
if [[ -z ${KUBECONFIG:-} || ${K8S_TESTBED_LEVEL:-} == node ]]; then
    build docker.io/library/redis:8.2 tests/cluster/images -f tests/cluster/images/redis.Containerfile
fi
