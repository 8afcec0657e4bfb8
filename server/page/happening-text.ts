import type { Happening } from '../http/live/stream-messages.ts';

/** What happened, in words; where it happened stands beside it. */
export function describeHappening(event: Happening): string {
  switch (event.kind) {
    case 'leader-elected':
      return `leads ${event.group} in term ${event.term}`;
    case 'leader-lost':
      return `leads ${event.group} no longer`;
    case 'segment-created':
      return `${event.context} ${event.type}: segment ${event.segment} opened`;
    case 'segment-full':
      return `${event.context} ${event.type}: segment ${event.segment} is full`;
    case 'segment-closed':
      return `${event.context} ${event.type}: segment ${event.segment} closed`;
    case 'segment-transformed':
      return `${event.context} ${event.type}: segment ${event.segment} transformed to version ${event.version}`;
    case 'segment-versions-compacted':
      return `${event.context} ${event.type}: ${event.deletedFiles} files of old versions deleted`;
    case 'log-segment-created':
      return `log of ${event.group}: segment ${event.firstIndex} opened`;
    case 'log-cleaned':
      return describeCleaning(event.group, event.removed, event.firstIndex);
    case 'control-db-backup':
      return `control database backup ${event.file.split('/').at(-1) ?? event.file}`;
    case 'dcb-backup-started':
      return `${event.context}: backup to ${event.location} begun`;
    case 'dcb-backup-finished':
      return `${event.context}: backup to ${event.location} finished, ${event.fileCount} files`;
    case 'dcb-backup-refused':
    case 'dcb-backup-failed':
      return `${event.context}: ${event.kind === 'dcb-backup-failed' ? 'backup failed' : 'backup refused'}: ${event.message}`;
    case 'snapshot-installed':
      return `log of ${event.group} replaced by a snapshot up to ${event.lastIncludedIndex}`;
    case 'apply-failed':
    case 'group-failed':
    case 'log-lost':
      return `${event.group}: ${event.message}`;
    case 'node-started':
    case 'node-stopped':
    case 'node-crashed':
      return event.kind.slice('node-'.length);
    case 'configuration-changed':
      return `configuration changed: ${event.change} ${event.name}`;
    case 'workload-paused':
      return `the workload pauses: ${event.reason}`;
    case 'workload-resumed':
      return `the workload goes on: ${event.reason}`;
  }
}

/** Where it happened, or nothing where it concerns all nodes. */
export function placeOf(event: Happening): string {
  return 'node' in event ? event.node : '';
}

function describeCleaning(group: string, removed: readonly number[], firstIndex: number): string {
  if (removed.length === 0) return `log of ${group}: nothing to clean`;
  const segments = removed.length === 1 ? '1 segment' : `${removed.length} segments`;
  return `log of ${group} cleaned: ${segments} deleted, begins with ${firstIndex}`;
}
