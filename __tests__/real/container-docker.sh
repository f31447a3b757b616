#!/bin/bash
# `docker run` as far as the recipes use it; a flag that it does not know is a mistake in one of them.
# container-docker.sh ROOT [-v SOURCE:TARGET[:ro]]... -- ARGUMENTS-OF-DOCKER...
# The volumes before -- stand for what is in the image.
set -eu
enter=${0%/*}/container-enter.sh root=$1
shift
volumes=() variables=() user=0
while [ "$1" != -- ]; do
  volumes+=("$1")
  shift
done
[ "$2" = run ] || { echo "docker: unknown command: $2" >&2; exit 125; }
shift 2
while [[ $1 == -* ]]; do
  case $1 in
    --rm) shift ;;
    --user) user=$2; shift 2 ;;
    -v) volumes+=(-v "$2"); shift 2 ;;
    -e) [ -z "${!2+set}" ] || variables+=("$2=${!2}"); shift 2 ;;
    *) echo "docker run: unknown flag: $1" >&2; exit 125 ;;
  esac
done
shift # the image
exec env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin "${variables[@]}" \
  unshare --mount --propagation private "$enter" "$root" "$user" "${volumes[@]}" -- "$@"
