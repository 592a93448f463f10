#!/bin/sh
# Both images with docker, podman or buildah: containers/build.sh [OPTION OF `build`...]
# VERSION and REPOSITORY (openposterdb) name them; CONTAINER_TOOL chooses the tool; NODE_IMAGE, RUST_IMAGE and PYTHON_IMAGE are
# other bases, for instance of a mirror.
set -eu
cd "$(dirname "$0")/.."

missing() {
    echo "To build images, one of docker, podman and buildah is needed, and none of them works here:" >&2
    for each in docker podman buildah; do
        if ! command -v "$each" >/dev/null; then
            echo "  $each is not installed" >&2
        else
            echo "  $each is installed, but \`$each info\` says: $("$each" info 2>&1 | grep -v '^ *$' | tail -1)" >&2
        fi
    done
    echo "On Debian and Ubuntu, \`apt-get install buildah\` is enough: it needs no daemon." >&2
    exit 1
}

tool=${CONTAINER_TOOL:-}
for each in docker podman buildah; do
    [ -n "$tool" ] || ! "$each" info >/dev/null 2>&1 || tool=$each
done
[ -n "$tool" ] || missing
command -v "$tool" >/dev/null || { echo "CONTAINER_TOOL is $tool, which is not installed" >&2; exit 1; }

version=${VERSION:-$(sed -n 's/^appVersion: //p' charts/openposterdb/Chart.yaml)}
revision=${REVISION:-$(git rev-parse HEAD 2>/dev/null || echo unknown)}
# The same sources give the same image: files carry the time of the last commit
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH
case $tool in
*docker) reproducible="--build-arg SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH" ;;
*) reproducible="--timestamp $SOURCE_DATE_EPOCH" ;;
esac
for base in NODE_IMAGE RUST_IMAGE PYTHON_IMAGE; do
    eval "value=\${$base:-}"
    [ -z "$value" ] || set -- --build-arg "$base=$value" "$@"
done
for image in openposterdb:service openposterdb-operator:operator; do
    # shellcheck disable=SC2086 - two words
    "$tool" build $reproducible --build-arg "VERSION=$version" --build-arg "REVISION=$revision" \
        --file "containers/${image#*:}.Containerfile" \
        --tag "${REPOSITORY:-openposterdb}/${image%:*}:$version" "$@" . || {
        echo "$tool did not build ${image%:*}. Its bases come from docker.io: where that cannot be reached, name those of a mirror in" >&2
        echo "NODE_IMAGE, RUST_IMAGE and PYTHON_IMAGE. In a container, buildah may need BUILDAH_ISOLATION=chroot." >&2
        exit 1
    }
    echo "built ${REPOSITORY:-openposterdb}/${image%:*}:$version"
done
