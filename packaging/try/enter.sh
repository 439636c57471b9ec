#!/bin/sh
# Runs a program inside a Debian root: enter.sh ROOT SOURCES PROGRAM ARGUMENTS…
# The root sees this machine's processes, devices, temporary files and sources. Call it in a mount namespace of its own,
# so that the mounts end with the program.
set -eu
root=$1
sources=$2
shift 2
for folder in /proc /sys /dev /tmp "$sources"; do
    mkdir -p "$root$folder"
    mount --rbind "$folder" "$root$folder"
done
exec chroot "$root" "$@"
