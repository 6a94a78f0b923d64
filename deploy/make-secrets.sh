#!/bin/sh
# Writes the secrets that docker-compose.yml reads, once, into deploy/secrets. Only their owner may enter that folder;
# the files themselves are readable, since each container reads its own as an unprivileged account.
set -eu
cd "$(dirname "$0")"

if [ -e secrets ]; then
  echo "deploy/secrets exists already: remove it yourself if you mean to replace every secret." >&2
  exit 1
fi
umask 077
mkdir secrets
cd secrets

random() { head -c 48 /dev/urandom | base64 | tr -d '\n' | tr '+/' '-_'; }

random > secret_key
random >> secret_key
random > db_superuser_password
random > db_owner_password
random > db_app_password
broker_password=$(random)
printf 'redis://:%s@broker:6379/0' "$broker_password" > broker_url
cat > valkey.conf <<CONF
requirepass $broker_password
dir /data
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
CONF
chmod 0444 ./*
echo "Wrote deploy/secrets. Keep a copy of secret_key and the passwords where you keep such things."
