#!/usr/bin/env bash
# The tests against a cluster: run.sh PYTHON [OPTION OF pytest...]
# All of them on KUBECONFIG's cluster where that is set. Else those that ask the API server on simulated nodes, then those
# that run pods on a real one, both made here (see testbed/README.md); LEVEL=control-plane or LEVEL=node runs one half.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=$1
shift
export OPENPOSTERDB_E2E=1 # a KUBECONFIG alone is no consent to use that cluster

if [[ -n ${KUBECONFIG:-} ]]; then
    exec "$python" -m pytest tests/cluster "$@"
fi
for level in ${LEVEL:-control-plane node}; do
    # Simulated pods cost nothing: tests wait more than they work, and each has a namespace and an operator of its own
    options=(tests/cluster -n "${E2E_WORKERS:-3}" --dist loadgroup)
    [[ $level == control-plane ]] || options=(tests/cluster/node)
    tests/cluster/testbed/with-cluster.sh "$level" "$python" -m pytest "${options[@]}" "$@"
done
