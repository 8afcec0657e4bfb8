#!/usr/bin/env bash
# A backup of an Axon Server: control database first, then the logs, then events and snapshots.
set -euo pipefail
ask() { local IFS=' '; curl -fsS ${AXONSERVER_TOKEN:+-H "AxonIQ-Access-Token: $AXONSERVER_TOKEN"} "$@"; }
copy() { while IFS= read -r file; do cp "$file" "$1/"; done; }
now="$(date +%s%N)" new="$BACKUP_STATE_DIR/new-$now" target="$BACKUP_DIR/backup-$now"
mkdir -p "$new"
# What a killed run has left; another one may be at work beside this.
find "$BACKUP_STATE_DIR" -mindepth 1 -maxdepth 1 -name 'new-*' -mmin +1440 -exec rm -rf {} +
# The standard edition has no replication groups, no logs, and this at the root.
cp "$(ask -X POST "$AXONSERVER_URL${AXONSERVER_REPLICATION_GROUPS:+/v1/backup}/createControlDbBackup")" "$new/"
IFS=,
for group in $AXONSERVER_REPLICATION_GROUPS; do
  mkdir -p "$new/log/$group"
  ask -G "$AXONSERVER_URL/v1/backup/log/filenames" --data-urlencode "context=$group" | jq -rn 'input | .[0:][]' | copy "$new/log/$group"
done
for context in $AXONSERVER_CONTEXTS; do
  mkdir -p "$new/events/$context"
  for type in EVENT SNAPSHOT; do
    ask -G "$AXONSERVER_URL/v1/backup/eventstore" --data-urlencode "targetContext=$context" -d "type=$type" |
      jq -rn 'input | .filenames[0:][]' | while IFS= read -r file; do [ -e "$file" ] || [[ ! $file =~ (index|bloom)$ ]] || continue; echo "$file"; done |
      copy "$new/events/$context"
  done
done
for context in ${AXONSERVER_DCB_CONTEXTS-}; do
  mkdir -p "$new/dcb" && state=
  # The server writes these itself, at its own pace: half of it lies there until it says FINISHED.
  id="$(jq -n --arg context "$context" --arg location "$new/dcb" '$ARGS.named' |
    ask -H 'Content-Type: application/json' -d @- "$AXONSERVER_URL/v2/backup" | tr -d '"[:space:]')"
  until [ "$state" = FINISHED ]; do
    state="$(ask "$AXONSERVER_URL/v2/backup/$id" | jq -r .backupState)"
    [ "$state" != FAILED ] || exit 1
    sleep 0.2
  done
done
mv "$new" "$target"
find "$BACKUP_DIR" -mindepth 1 -maxdepth 1 ! -path "$target" -exec rm -rf {} +
