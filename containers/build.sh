#!/bin/sh
# Both images with docker, podman or buildah: containers/build.sh [OPTION OF `build`...]
# VERSION and REPOSITORY (openposterdb) name them; CONTAINER_TOOL chooses the tool.
set -eu
cd "$(dirname "$0")/.."

works() { "$1" info >/dev/null 2>&1; }
tool=${CONTAINER_TOOL:-}
for each in docker podman buildah; do
    [ -n "$tool" ] || ! works "$each" || tool=$each
done
[ -n "$tool" ] || { echo "docker, podman or buildah is needed to build images" >&2; exit 1; }

version=${VERSION:-$(sed -n 's/^appVersion: //p' charts/openposterdb/Chart.yaml)}
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
# The same sources give the same image: files carry the time of the last commit
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH
case $tool in
*docker) reproducible="--build-arg SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH" ;;
*) reproducible="--timestamp $SOURCE_DATE_EPOCH" ;;
esac
for image in openposterdb:service openposterdb-operator:operator; do
    # shellcheck disable=SC2086 - two words
    "$tool" build $reproducible --build-arg "VERSION=$version" --build-arg "REVISION=$revision" \
        --file "containers/${image#*:}.Containerfile" \
        --tag "${REPOSITORY:-openposterdb}/${image%:*}:$version" "$@" .
done
