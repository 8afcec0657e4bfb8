import type { Exchange } from '../../../server/index.ts';
import type { ToldPush } from '../evidence.ts';

const PATH = '/v2/backup';

/**
 * What an answer tells of backups that the server writes itself: that one has begun, or how far one is, or all are. Null where it
 * tells nothing of any. Answers are as the simulator gives them (server/http/public/dcb-backup-routes.ts): an id, bare or as a
 * text of JSON, and objects with `backupState`.
 */
export function readToldPushes({ method, path, status, body }: Exchange): readonly ToldPush[] | null {
  if (status !== 200) return null;
  if (method === 'POST' && path === PATH) {
    const id = body.replaceAll('"', '').trim();
    return id === '' ? null : [{ id, state: null }];
  }
  if (method !== 'GET') return null;
  if (path === PATH) return Object.entries(objectIn(body)).flatMap(([id, value]) => toldOf(id, value));
  if (!path.startsWith(`${PATH}/`)) return null;
  return toldOf(decodeURIComponent(path.slice(PATH.length + 1)), objectIn(body));
}

function toldOf(id: string, value: unknown): readonly ToldPush[] {
  if (typeof value !== 'object' || value === null || !('backupState' in value)) return [];
  return [{ id, state: String(value.backupState) }];
}

/** Fails where there is none. */
function objectIn(body: string): object {
  const parsed: unknown = JSON.parse(body);
  if (typeof parsed !== 'object' || parsed === null) throw new Error('no object');
  return parsed;
}
