import type { ClusterState } from '../http/live/cluster-state.ts';

const MEBIBYTE = 1024 * 1024;

/** Of the speed that was asked for: less than that is told. */
const NEARLY = 0.8;
/** Of the disk: from then on it is told. */
const NEARLY_FULL = 0.9;

/** What stands in the page's head, and whether it is as it should be. */
export interface Fact {
  readonly text: string;
  readonly isTrouble: boolean;
}

/** By the names of their cells. `reached` is the speed at which time passes, where that is known. */
export function describeFacts(state: ClusterState, reached: number | null): Readonly<Record<string, Fact>> {
  const version = state.serverVersion === 'documented' ? 'the documented server' : state.serverVersion;
  return {
    speed: describeSpeed(state.speed, reached),
    workload: describeWorkload(state.workload),
    disk: describeDisk(state.disk),
    version: fine(state.accessControl ? `${version}, with access control` : version),
    seed: fine(String(state.seed)),
  };
}

function describeSpeed(speed: number, reached: number | null): Fact {
  if (speed === 0) return fine('stands still');
  if (reached === null || reached >= speed * NEARLY) return fine(`${speed}× real time`);
  return trouble(`reaches ${Number(reached.toFixed(reached < 10 ? 1 : 0))}× of ${speed}× real time`);
}

function describeWorkload({ rate, pausedFor }: ClusterState['workload']): Fact {
  if (pausedFor !== null) return trouble(`paused: ${pausedFor.replaceAll(/\d{4,}/g, withSeparators)}`);
  return fine(rate === 0 ? 'none' : `${rate}/s in each context`);
}

function describeDisk({ usedBytes, limitBytes }: ClusterState['disk']): Fact {
  const used = `${formatMebibytes(usedBytes)} of ${formatMebibytes(limitBytes)}`;
  if (usedBytes >= limitBytes) return trouble(`full: ${used}`);
  return usedBytes >= limitBytes * NEARLY_FULL ? trouble(`nearly full: ${used}`) : fine(used);
}

function fine(text: string): Fact {
  return { text, isTrouble: false };
}

function trouble(text: string): Fact {
  return { text, isTrouble: true };
}

function withSeparators(digits: string): string {
  return Number(digits).toLocaleString('en');
}

function formatMebibytes(bytes: number): string {
  const mebibytes = bytes / MEBIBYTE;
  return mebibytes >= 1024 ? `${(mebibytes / 1024).toFixed(1)} GiB` : `${mebibytes.toFixed(1)} MiB`;
}
