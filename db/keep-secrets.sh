#!/bin/sh
# Writes the database's passwords into their volumes, once: those that are given, else random ones.
# The API's may be given anew at any time (the migration then sets it); the root password belongs to
# the data from its first start on.
set -eu

random() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }

admin=/secrets/admin/password
api=/secrets/api/password
[ -s "$admin" ] || printf '%s' "${DATABASE_ROOT_PASSWORD:-$(random)}" >"$admin"
if [ -n "${DATABASE_ROOT_PASSWORD:-}" ] && [ "$(cat "$admin")" != "$DATABASE_ROOT_PASSWORD" ]; then
  echo 'DATABASE_ROOT_PASSWORD differs from the one that the data was made with: give that one, or none' >&2
  exit 1
fi
if [ -n "${DATABASE_PASSWORD:-}" ] || [ ! -s "$api" ]; then
  printf '%s' "${DATABASE_PASSWORD:-$(random)}" >"$api"
fi
