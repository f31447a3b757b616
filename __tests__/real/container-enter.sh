#!/bin/bash
# Something like a container: programs of the host, and of its files only what is mounted.
# container-enter.sh ROOT USER [-v SOURCE:TARGET[:ro]]... [-t HOST INSIDE]... -- COMMAND...
# ROOT is an empty folder. -t rewrites variables that begin with a path, as GitHub's runner does.
# To be run by `unshare --mount --propagation private`: the mounts end with that namespace.
set -eu
root=$1 user=$2
shift 2
mount -t tmpfs -o mode=755 tmpfs "$root"
mkdir "$root"/{usr,proc,dev,etc,tmp}
chmod 1777 "$root/tmp"
for link in bin lib lib64 sbin; do
  [ ! -L "/$link" ] || cp -d "/$link" "$root"
done
mount --bind /usr "$root/usr"
mount -o remount,bind,ro "$root/usr"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
echo 'root:x:0:0:root:/tmp:/bin/sh' >"$root/etc/passwd"
echo '127.0.0.1 localhost' >"$root/etc/hosts"
while [ "$1" = -v ]; do
  source=${2%%:*} rest=${2#*:}
  target=$root${rest%%:*}
  if [ -d "$source" ]; then
    mkdir -p "$target"
  else
    mkdir -p "${target%/*}"
    : >"$target"
  fi
  mount --bind "$source" "$target"
  case $2 in *:ro) mount -o remount,bind,ro "$target" ;; esac
  shift 2
done
while [ "$1" = -t ]; do
  while IFS='=' read -r -d '' name value; do
    case $value in "$2" | "$2"/*) export "$name=$3${value#"$2"}" ;; esac
  done < <(env -0)
  shift 3
done
shift
export PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/tmp LC_ALL=C.UTF-8
exec /usr/sbin/chroot --userspec="$user:$user" "$root" "$@"
