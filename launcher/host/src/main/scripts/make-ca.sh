#!/bin/sh
# Makes a certificate authority for trying a cluster out, and a certificate for each host:
#   make-ca.sh FOLDER relay-1=10.0.0.1 relay-2=10.0.0.2 relay-3=relay-3.example
# Run again with more hosts, it keeps the authority and makes only what is missing.
# In production, take certificates of an authority that signs nothing but control hosts.
set -eu

fail() {
  echo "make-ca: $*" >&2
  exit 1
}

[ $# -ge 2 ] || fail "arguments: $* (expected: FOLDER ID=ADDRESS...)"
command -v openssl >/dev/null || fail "openssl is missing: install it (Debian: apt-get install openssl)"
folder=$1
shift
umask 077
mkdir -p "$folder"
if [ ! -f "$folder/authority.pem" ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 \
    -subj "/CN=aliecs-relay cluster" -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -keyout "$folder/authority-key.pem" -out "$folder/authority.pem" 2>/dev/null ||
    fail "openssl cannot make the authority"
fi
for host in "$@"; do
  id=${host%%=*}
  address=${host#*=}
  [ -n "$id" ] && [ "$id" != "$host" ] || fail "host: \"$host\" (expected: ID=ADDRESS)"
  [ ! -f "$folder/$id.pem" ] || continue
  case $address in
    *[!0-9.:]*) name=DNS:$address ;;
    *) name=IP:$address ;;
  esac
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$id" \
    -keyout "$folder/$id-key.pem" -out "$folder/$id.csr" 2>/dev/null || fail "no key for $id"
  printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth\n' "$name" >"$folder/$id.ext"
  openssl x509 -req -in "$folder/$id.csr" -CA "$folder/authority.pem" -CAkey "$folder/authority-key.pem" \
    -CAcreateserial -days 365 -extfile "$folder/$id.ext" -out "$folder/$id.pem" 2>/dev/null ||
    fail "no certificate for $id"
  rm "$folder/$id.csr" "$folder/$id.ext"
done
echo "in $folder: authority.pem, and for each host its certificate ID.pem and key ID-key.pem"
