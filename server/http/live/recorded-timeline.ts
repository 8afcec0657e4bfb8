import { contextsStoredOn, isMember } from '../../cluster/terms/topology.ts';
import type { RecordedRequest } from '../../simulation/recorder.ts';
import { samplesOf } from '../../simulation/recorder.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import type { TimelineJournal, TimelineRequest } from '../../../timeline/index.ts';

/**
 * What the recent past of a node is drawn from: the last `windowMs` virtual milliseconds, as far as they are still known,
 * and on to the next planned cleaning.
 */
export function recordedTimeline(simulation: Simulation, node: string, windowMs: number): TimelineJournal {
  const { cluster, recorder, nowMs } = simulation;
  const fromMs = Math.max(nowMs - windowMs, recorder.sinceMs);
  const current = samplesOf(cluster, node);
  const dueMs = current.flatMap(({ nextCleaningMs }) => nextCleaningMs ?? []);
  const { topology } = cluster;
  return {
    fromMs,
    // A picture has to have a width, also at the first instant of a cluster that plans nothing.
    toMs: Math.max(fromMs + 1000, nowMs, ...dueMs),
    nowMs,
    node,
    contexts: contextsStoredOn(topology, node),
    groups: topology.groups.filter((group) => isMember(group, node)).map(({ name }) => name),
    events: recorder.events
      .filter((event) => !('node' in event) || event.node === node)
      .map((event) => ('segment' in event ? { ...event, segment: Number(event.segment) } : event)),
    samples: [...recorder.samplesOf(node).filter(({ atMs }) => atMs >= fromMs), ...current],
    runs: [],
    requests: recorder.requests.map(drawn).filter(({ atMs }) => atMs >= fromMs),
    violation: null,
    losses: [],
  };
}

/** How long a client copies nobody can see from here, so each request is but a moment. */
function drawn(request: RecordedRequest): TimelineRequest {
  const { node, method, path, status, listedFiles } = request;
  const atMs = Date.parse(request.virtualTime);
  return {
    atMs,
    copiedUntilMs: atMs,
    run: null,
    node,
    method,
    path,
    status,
    ...subjectOf(request),
    files: listedFiles,
  };
}

function subjectOf({ path, query }: RecordedRequest): Pick<TimelineRequest, 'about' | 'subject' | 'type'> {
  const named = [query['targetContext'] ?? query['context'] ?? []].flat()[0] ?? '';
  const subject = named === '' ? 'default' : named;
  const type = [query['type'] ?? []].flat()[0]?.toUpperCase() === 'SNAPSHOT' ? 'SNAPSHOT' : 'EVENT';
  if (path.endsWith('/createControlDbBackup')) return { about: 'control-db-backup', subject: null };
  if (path === '/v1/backup/log/filenames') return { about: 'log', subject };
  if (path.startsWith('/v1/backup/')) return { about: 'segments', subject, type };
  return { about: 'other', subject: null };
}
