#!/bin/sh
# Builds the relay of an earlier commit, for `relay verify --fault rolling-upgrade`, and prints its folder.
#
#   older-relay.sh COMMIT DEST
#
# COMMIT is anything git knows, or `previous`: the newest tag before this commit, else the commit before.
# The sources are unpacked into the folder DEST and go when the build is done; the checkout is not touched.
# Run it again at will: what is there already is used.
set -eu

fail() {
  echo "older-relay: $1 (expected: $2)" >&2
  exit 1
}

[ $# -eq 2 ] || fail "$# arguments" "COMMIT DEST"
mkdir -p "$2"
dest=$(CDPATH= cd -- "$2" && pwd)
cd -- "$(dirname -- "$0")"
named=$1
[ "$named" != previous ] || named=$(git describe --tags --abbrev=0 HEAD~1 2>/dev/null) || named=HEAD~1
commit=$(git rev-parse --verify --quiet "$named^{commit}") || fail "$1: not known to git" "a commit or a tag of this checkout"
home=$dest/$commit

if [ ! -d "$home/lib" ]; then
  command -v mvn >/dev/null || fail "mvn is missing" "Maven, 3.8.7 or newer"
  echo "older-relay: building $named ($commit), some minutes" >&2
  sources=$dest/sources-$commit-$$
  trap 'rm -rf "$sources"' EXIT
  mkdir -p "$sources"
  git -C "$(git rev-parse --show-toplevel)" archive "$commit" | tar -x -C "$sources"
  (cd "$sources" && mvn -B -q -DskipTests -Dspotless.check.skip=true package) >"$dest/$commit.log" 2>&1 ||
    fail "the build of $named failed; all of it is in $dest/$commit.log" "a commit that builds"
  relay=$sources/launcher/host/target/relay
  [ -d "$relay" ] || relay=$sources/launcher/target/relay # as it was until there was a lab
  mv "$relay" "$home"
fi
echo "$home"
