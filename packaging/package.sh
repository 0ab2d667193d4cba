#!/bin/sh
# Makes aliecs-relay-VERSION.tar.gz and aliecs-relay_VERSION_all.deb of a built relay, in the folder DEST.
#
#   package.sh HOME VERSION DEST
#
# HOME is the folder with bin and lib. All files get the time SOURCE_DATE_EPOCH (seconds) and go in by
# name: the same relay gives the same bytes. Where dpkg-deb is missing there is a tarball only.
set -eu
export LC_ALL=C TZ=UTC
umask 022
source=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
home=$1 version=$2 dest=$3
: "${SOURCE_DATE_EPOCH:=1767225600}" # project.build.outputTimestamp
export SOURCE_DATE_EPOCH
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
main=io.aliecs.relay.host.Main
mkdir -p "$dest"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

relay_java() {
  "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC "-XX:SharedArchiveFile=$home/relay.jsa" \
    -Xlog:cds=off -Xlog:cds+dynamic=off -cp "$home/lib/*" "$@"
}

# What the help says is what the page says.
manual() {
  echo ".TH RELAY 1 \"$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)\" \"aliecs-relay $version\""
  echo '.SH NAME'
  echo 'relay \- publishes the life of AliECS environments to Kafka'
  relay_java $main --help >"$work/help"
  section DESCRIPTION <"$work/help"
  for command in $(awk 'of && /^  [a-z]/ && $1 != "help" { print $1 } /^Commands:/ { of = 1 }' "$work/help"); do
    relay_java $main "$command" --help | section "relay $command"
  done
  printf '.SH FILES\n%s\n' '/etc/aliecs-relay/relay.yaml, /etc/aliecs-relay/environment, /var/lib/aliecs\-relay'
  printf '.SH EXIT STATUS\n%s\n' '0 when the command did its job, 1 when not, 2 for wrong arguments'
}

section() {
  printf '.SH "%s"\n.nf\n' "$1"
  sed 's/\\/\\e/g; s/-/\\-/g; s/^[.'\'']/\\\&&/'
  echo .fi
}

tree=$work/aliecs-relay-$version
mkdir -p "$tree/share/proto" "$tree/share/doc" "$tree/share/man/man1" "$tree/share/bash-completion/completions"
cp -R "$home/bin" "$home/lib" "$tree"
cp -R "$source/conf" "$tree/conf"
cp "$source/proto/src/main/protobuf/kafka.proto" "$tree/share/proto"
cp -R "$source/README.md" "$source/CHANGELOG.md" "$source/SECURITY.md" "$source/docs" "$tree/share/doc"
cp "$source/LICENSE" "$source/NOTICE" "$tree"
if [ -f "$home/sbom.cyclonedx.json" ]; then
  cp "$home/sbom.cyclonedx.json" "$tree"
else
  echo "package: no bill of materials: the build had no network" >&2
fi
manual >"$tree/share/man/man1/relay.1"
relay_java picocli.AutoComplete --force --name relay --completionScript "$work/completion" $main
sed 1d "$work/completion" >"$tree/share/bash-completion/completions/relay"
chmod -R u=rwX,go=rX "$tree"

tar --create --directory "$work" --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" \
  --owner=0 --group=0 --numeric-owner "aliecs-relay-$version" | gzip -9n >"$dest/aliecs-relay-$version.tar.gz"
echo "$dest/aliecs-relay-$version.tar.gz"

command -v dpkg-deb >/dev/null || { echo "package: no Debian package: dpkg-deb is missing" >&2; exit 0; }
debian_version=$(echo "$version" | tr - '~') # 0.1.0~SNAPSHOT comes before 0.1.0
root=$work/root
share=$root/usr/share
mkdir -p "$root/DEBIAN" "$root/usr/bin" "$root/etc/aliecs-relay" "$root/var/cache/aliecs-relay" \
  "$root/usr/lib/systemd/system" "$root/usr/lib/sysusers.d" "$root/usr/lib/tmpfiles.d" "$share/doc" "$share/aliecs-relay/conf"
mv "$tree/bin" "$tree/lib" "$share/aliecs-relay"
mv "$tree/conf/jvm.options" "$share/aliecs-relay/conf"
ln -s ../share/aliecs-relay/bin/relay "$root/usr/bin/relay"
# Relative, so that it holds below another root, too.
ln -s ../../../var/cache/aliecs-relay/relay.jsa "$share/aliecs-relay/relay.jsa"
mv "$tree/conf/systemd/aliecs-relay.service" "$root/usr/lib/systemd/system"
mv "$tree/conf/systemd/sysusers.conf" "$root/usr/lib/sysusers.d/aliecs-relay.conf"
mv "$tree/conf/systemd/tmpfiles.conf" "$root/usr/lib/tmpfiles.d/aliecs-relay.conf"
mv "$tree/conf/systemd/environment" "$tree/conf/relay.yaml" "$root/etc/aliecs-relay"
rmdir "$tree/conf/systemd"
mv "$tree/share/doc" "$share/doc/aliecs-relay"
mv "$tree/conf" "$share/doc/aliecs-relay/examples"
mv "$tree/share/proto" "$share/aliecs-relay/proto"
{ cat "$tree/NOTICE"; printf '\nCopyright: the authors of aliecs-relay\nLicensed under the Apache License, Version 2.0: /usr/share/common-licenses/Apache-2.0.\nThe licence of each jar is in it and in sbom.cyclonedx.json.\n'; } >"$share/doc/aliecs-relay/copyright"
[ ! -f "$tree/sbom.cyclonedx.json" ] || mv "$tree/sbom.cyclonedx.json" "$share/doc/aliecs-relay"
gzip -9n "$tree/share/man/man1/relay.1"
mv "$tree/share/man" "$tree/share/bash-completion" "$share"
cp "$source/packaging/debian/postinst" "$source/packaging/debian/prerm" "$source/packaging/debian/postrm" \
  "$source/packaging/debian/triggers" "$source/packaging/debian/conffiles" "$root/DEBIAN"
size=$(find "$root" -type f -printf '%s\n' | awk '{ bytes += $1 } END { print int(bytes / 1024) }')
sed "s/@VERSION@/$debian_version/; s/@SIZE@/$size/" "$source/packaging/debian/control" >"$root/DEBIAN/control"
(cd "$root" && find etc usr -type f | sort | xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"
chmod -R u=rwX,go=rX "$root"
chmod 640 "$root/etc/aliecs-relay/environment" # tokens
dpkg-deb --root-owner-group -Zgzip --build "$root" "$dest/aliecs-relay_${debian_version}_all.deb" >/dev/null
echo "$dest/aliecs-relay_${debian_version}_all.deb"
