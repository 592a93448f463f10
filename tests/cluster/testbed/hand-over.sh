#!/usr/bin/env bash
# Hands images that were built here, with Docker or with buildah.sh, to the nodes: hand-over.sh localhost/app:1...
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p "$IMAGES"
for ref; do
    name=${ref##*/}
    archive=$IMAGES/${name//:/-}.tar
    rm -f "$archive"
    if docker info >/dev/null 2>&1; then
        docker save -o "$archive" "$ref"
    else
        "$HERE/buildah.sh" push -q "$ref" "oci-archive:$archive:$ref"
    fi
    say "built $ref: $archive"
    if [[ -n ${KUBECONFIG:-} || -e $RUN/level ]]; then
        "$HERE/load-image.sh" "$archive"
    fi
done
