#!/bin/sh
# Writes the database's passwords into their volumes, once: those that are given, else random ones.
# Those of the API and of retention may be given anew at any time (the migration then sets them); the
# root password belongs to the data from its first start on.
set -eu

random() { head -c 24 /dev/urandom | base64 | tr '+/' '-_'; }

# keep <account> <password or empty>: stores a password that is given, or else makes one where there is none yet.
keep() {
  file=/secrets/$1/password
  if [ -n "$2" ] || [ ! -s "$file" ]; then
    printf '%s' "${2:-$(random)}" >"$file"
  fi
}

admin=/secrets/admin/password
if [ -s "$admin" ] && [ -n "${DATABASE_ROOT_PASSWORD:-}" ] && [ "$(cat "$admin")" != "$DATABASE_ROOT_PASSWORD" ]; then
  echo 'DATABASE_ROOT_PASSWORD differs from the one that the data was made with: give that one, or none' >&2
  exit 1
fi
keep admin "${DATABASE_ROOT_PASSWORD:-}"
keep api "${DATABASE_PASSWORD:-}"
keep retention "${RETENTION_DATABASE_PASSWORD:-}"
