#!/usr/bin/env bash
# Builds the images that the tests run, as `make image` does, and hands them to the nodes; the second time it takes seconds.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=$(sed -n 's/^appVersion: //p' charts/openposterdb/Chart.yaml)
docker info >/dev/null 2>&1 || export CONTAINER_TOOL=$PWD/tests/cluster/testbed/buildah.sh
# Another commit of the same sources finds its layers again
VERSION=$version REVISION=tests SOURCE_DATE_EPOCH=0 REPOSITORY=docker.io/openposterdb containers/build.sh
tests/cluster/testbed/hand-over.sh docker.io/openposterdb/{openposterdb,openposterdb-operator}:"$version"
# Where a registry can be reached, nodes get Redis from there
if [[ -z ${KUBECONFIG:-} || ${K8S_TESTBED_LEVEL:-} == node ]]; then
    tests/cluster/testbed/build-image.sh docker.io/library/redis:8.2 tests/cluster/images -f tests/cluster/images/redis.Containerfile
fi
