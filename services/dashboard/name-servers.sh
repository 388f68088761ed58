#!/bin/sh
# Writes the name servers of /etc/resolv.conf, which are Docker's, Podman's or those of a host, as nginx's directive `resolver`.
# They are queried every second, so that within two seconds a new replica of the API gets requests and a dead one gets none.
set -eu
# Addresses with a zone (fe80::1%eth0) are left out, because nginx does not accept them.
servers=$(awk '$1 == "nameserver" && $2 !~ /%/ { print ($2 ~ /:/ ? "[" $2 "]" : $2) }' "${1:-/etc/resolv.conf}" | tr '\n' ' ')
echo "resolver ${servers:-127.0.0.1 }valid=1s ipv6=off;" >"${2:-/tmp/resolver.conf}"
