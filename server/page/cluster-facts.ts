import type { ClusterState } from '../http/cluster-state.ts';

const MEBIBYTE = 1024 * 1024;

/** What stands in the page's head, by the names of its cells. */
export function describeFacts(state: ClusterState): Readonly<Record<string, string>> {
  return {
    speed: describeSpeed(state.speed),
    workload: describeWorkload(state.workload),
    disk: `${formatMebibytes(state.disk.usedBytes)} of ${formatMebibytes(state.disk.limitBytes)}`,
    version: state.accessControl ? `${state.serverVersion}, with access control` : state.serverVersion,
    seed: String(state.seed),
  };
}

function describeSpeed(speed: number): string {
  return speed === 0 ? 'stands still' : `${speed}× real time`;
}

function describeWorkload({ rate, pausedFor }: ClusterState['workload']): string {
  if (pausedFor !== null) return `paused: ${pausedFor}`;
  return rate === 0 ? 'none' : `${rate}/s in each context`;
}

function formatMebibytes(bytes: number): string {
  const mebibytes = bytes / MEBIBYTE;
  return mebibytes >= 1024 ? `${(mebibytes / 1024).toFixed(1)} GiB` : `${mebibytes.toFixed(1)} MiB`;
}
