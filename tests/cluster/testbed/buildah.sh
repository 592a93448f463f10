#!/usr/bin/env bash
# buildah without a registry, used like buildah itself, also as CONTAINER_TOOL of containers/build.sh:
#   buildah.sh build --file Containerfile --tag localhost/app:1 .
# What the project's Containerfiles start FROM, and every image of K8S_TESTBED_BASES, is stood in for by a minimal Debian with
# Python made here; Rust and Node are this machine's. Steps that RUN apt-get or pip use this machine's network, certificates and
# pip settings. Images are kept in the state folder.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
images() { buildah --root "$STATE/buildah" --runroot "$STATE/buildah-run" --storage-driver overlay "$@"; }
case ${1:-} in
build | bud) shift ;;
*)
    images "$@"
    exit
    ;;
esac

# What a Containerfile starts FROM, and the folder of this machine that its stand-in has in its PATH.
stand_ins=(docker.io/library/debian:bookworm-slim=
    docker.io/library/python:3.11-slim-bookworm=
    docker.io/library/node:22-bookworm-slim=/opt/node/bin
    docker.io/library/rust:1.95-slim-bookworm=/opt/rust/bin)
for base in ${K8S_TESTBED_BASES:-}; do stand_ins+=("$base="); done
for stand_in in "${stand_ins[@]}"; do
    base=${stand_in%%=*} tools=${stand_in#*=}
    images inspect --type image "$base" >/dev/null 2>&1 && continue
    make_base
    container=$(images from scratch)
    images add -q "$container" "$STATE/base" / >/dev/null
    images config --cmd python3 --env PATH="${tools:+$tools:}/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
        --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "$container"
    images commit -q "$container" "$base" >/dev/null
    images rm "$container" >/dev/null
done
options=(--isolation chroot --pull=never --layers)
for path in /etc/ssl/certs /etc/pip.conf; do
    [[ ! -e $path ]] || options+=(-v "$path:$path:ro")
done
if command -v rustc >/dev/null; then options+=(-v "$(rustc --print sysroot):/opt/rust:ro"); fi
if command -v npm >/dev/null; then
    mkdir -p "$STATE/node/bin"
    cp -u "$(readlink -f "$(command -v node)")" "$STATE/node/bin/node"
    ln -sfn ../npm/bin/npm-cli.js "$STATE/node/bin/npm"
    ln -sfn ../npm/bin/npx-cli.js "$STATE/node/bin/npx"
    npm=$(readlink -f "$(command -v npm)")
    [[ -e $STATE/node/npm ]] || cp -r "${npm%/bin/*}" "$STATE/node/npm"
    options+=(-v "$STATE/node:/opt/node:ro")
fi
images bud "${options[@]}" "$@"
