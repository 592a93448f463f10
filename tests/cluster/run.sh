#!/usr/bin/env bash
# The tests against a cluster: run.sh PYTHON [OPTION OF pytest...]
# All of them on KUBECONFIG's cluster where that is set. Else those that ask the API server on simulated nodes, and beside them
# those that run pods on a real one, each on a cluster made here (see testbed/README.md); LEVEL=control-plane or LEVEL=node runs
# one half.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=$1
shift
export OPENPOSTERDB_E2E=1 # a KUBECONFIG alone is no consent to use that cluster

if [[ -n ${KUBECONFIG:-} ]]; then
    exec "$python" -m pytest --timeout 900 tests/cluster "$@"
fi

on() {
    local level=$1
    shift
    tests/cluster/testbed/with-cluster.sh "$level" "$python" -m pytest --timeout 900 "$@"
}
# Simulated pods cost nothing: tests wait more than they work, and each has a namespace and an operator of its own
simulated=(control-plane tests/cluster -n "${E2E_WORKERS:-3}" --dist loadgroup)
real=(node tests/cluster/node)
case ${LEVEL:-} in
control-plane) on "${simulated[@]}" "$@" ;;
node) on "${real[@]}" "$@" ;;
"")
    tests/cluster/testbed/build.sh node
    tests/cluster/testbed/build.sh control-plane
    # The same folder could not hold two clusters that run
    source tests/cluster/testbed/lib.sh
    mkdir -p "$STATE"
    log=$STATE/control-plane.log
    set -m # a process group of its own, so that all of it can be ended
    (
        export K8S_TESTBED_DIR=$STATE/control-plane K8S_TESTBED_BIN=$BIN
        on "${simulated[@]}" "$@"
    ) >"$log" 2>&1 &
    beside=$!
    set +m
    trap 'kill -TERM -- -$beside; wait $beside; exit 130' INT TERM
    failed=0
    on "${real[@]}" "$@" || failed=$?
    wait $beside || failed=$?
    cat "$log"
    exit $failed
    ;;
*) echo "LEVEL is control-plane or node, not $LEVEL" >&2 && exit 2 ;;
esac
