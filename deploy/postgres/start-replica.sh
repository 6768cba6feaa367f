#!/bin/sh
# A streaming standby of `postgres`: copied on first start, then followed.
set -eu
data=/var/lib/postgresql/18/docker
export PGPASSWORD="$REPLICATION_PASSWORD"
if [ ! -f "$data/PG_VERSION" ]; then
  mkdir -p "$data" && chmod 700 "$data"
  pg_basebackup -h postgres -U replicator -D "$data" -R -X stream -C -S replica_1
fi
exec postgres -D "$data" -c hot_standby=on
