#!/bin/sh
# Finds or fetches a real Consul for the tests and for `relay dev`, and prints the path of the program.
#
#   get-consul.sh DEST
#
# A `consul` on the PATH is used as it is. Otherwise Debian's consul 1.8.7, whose suite is bullseye, is
# downloaded with apt from the archive this system already uses and unpacked into the folder DEST.
# Nothing on the system changes: apt gets sources, lists and a cache of its own inside DEST.
# Run it again at will: what is there already is used.
set -eu

suite=bullseye

fail() {
  echo "get-consul: $1; to mend it: $2, or put a consul 1.8 or newer on the PATH" >&2
  exit 1
}

# Stanzas of deb822 files that name the release this system runs, with their suites replaced.
derive_sources() {
  awk -v release="$1" -v suite="$suite" '
    function flush() {
      if (wanted && !disabled) printf "%s\n", stanza
      stanza = ""; wanted = 0; disabled = 0
    }
    /^[ \t]*$/ { flush(); next }
    /^#/ { next }
    tolower($1) == "suites:" {
      for (i = 2; i <= NF; i++) if ($i == release || $i ~ /^((old)*stable|testing|unstable)$/) wanted = 1
      stanza = stanza "Suites: " suite "\n"; next
    }
    tolower($1) == "types:" { stanza = stanza "Types: deb\n"; next }
    tolower($1) == "enabled:" && tolower($2) == "no" { disabled = 1 }
    { stanza = stanza $0 "\n" }
    END { flush() }
  ' "$2"
  echo
}

# The same for one-line files: deb [options] URI SUITE COMPONENT...
derive_list() {
  awk -v release="$1" -v suite="$suite" '
    $1 != "deb" { next }
    {
      at = 2
      if ($2 ~ /^\[/) { while (at < NF && $at !~ /\]$/) at++; at++ }
      at++
      if ($at == release || $at ~ /^((old)*stable|testing|unstable)$/) { $at = suite; print }
    }
  ' "$2"
}

private_apt() {
  apt-get -q \
    -o Dir::Etc::SourceList=/dev/null \
    -o Dir::Etc::SourceParts="$work/sources" \
    -o Dir::State::Lists="$work/lists" \
    -o Dir::Cache="$work/cache" \
    -o APT::Default-Release= \
    -o APT::Sandbox::User="$(id -un)" \
    -o Acquire::Languages=none \
    -o Acquire::Retries=3 \
    -o APT::Update::Error-Mode=any \
    "$@" >>"$work/apt.log" 2>&1
}

[ $# -eq 1 ] || { echo "usage: get-consul.sh DEST" >&2; exit 64; }

if command -v consul >/dev/null 2>&1; then
  command -v consul
  exit 0
fi

mkdir -p "$1" 2>/dev/null || fail "cannot create the folder $1" "choose one that you may write"
dest=$(cd "$1" && pwd)
if [ -x "$dest/consul" ] && "$dest/consul" version >/dev/null 2>&1; then
  echo "$dest/consul"
  exit 0
fi

for tool in apt-get dpkg awk; do
  command -v "$tool" >/dev/null 2>&1 ||
    fail "no consul on the PATH, and no $tool to fetch it with" "run on Debian"
done

work=$(mktemp -d "$dest/.fetch.XXXXXX" 2>/dev/null) ||
  fail "cannot write in $dest" "choose a folder that you may write"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
mkdir -p "$work/sources" "$work/lists/partial" "$work/cache/archives/partial" "$work/unpacked"

release=$(. /etc/os-release 2>/dev/null && echo "${VERSION_CODENAME:-}") || release=
for file in /etc/apt/sources.list.d/*.sources; do
  [ -r "$file" ] && derive_sources "$release" "$file" >>"$work/sources/derived.sources"
done
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  [ -r "$file" ] && derive_list "$release" "$file" >>"$work/sources/derived.list"
done
grep -qs "$suite" "$work/sources/derived.sources" "$work/sources/derived.list" ||
  fail "apt's sources name no Debian archive for '${release:-this system}'" \
    "add Debian's main archive to apt's sources"

private_apt update ||
  fail "apt-get update of Debian's $suite failed ($(grep -m1 '^[EW]:' "$work/apt.log" || echo 'no message'))" \
    "see that apt-get update works here"
(cd "$work" && private_apt download consul) ||
  fail "Debian's $suite has no consul for $(dpkg --print-architecture) here" \
    "see that apt's sources have the component main"
dpkg -x "$work"/consul_*.deb "$work/unpacked" 2>>"$work/apt.log" ||
  fail "the package does not unpack" "free some disk space under $dest"
"$work/unpacked/usr/bin/consul" version >/dev/null 2>&1 ||
  fail "Debian's consul does not run on this system" "run on Debian 11 or newer"
mv "$work/unpacked/usr/bin/consul" "$dest/consul"
echo "$dest/consul"
