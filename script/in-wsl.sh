#!/bin/sh
# Run by script\demo.cmd, test.cmd and start.cmd inside Windows' Linux (WSL): copies this folder into Linux's own disk,
# where SQLite's locks work, keeping what is there already of the shop's, and runs the script named there.
set -e
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
there=$HOME/goen-on-windows
what=$1
shift
mkdir -p "$there"
tar -C "$here" --exclude=./.git --exclude=./.venv --exclude=./var --exclude=./.env --exclude=__pycache__ -cf - . | tar -C "$there" -xf -
cd "$there"
exec sh "script/$what" "$@"
