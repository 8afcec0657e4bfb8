/** All that a scenario is put together of, so that its own file says what it is about and nothing else. */
export { aFewSegments } from './a-few-segments.ts';
export { everyBackup } from './every-backup.ts';
export { hazards } from './hazards.ts';
export { logIsCleaned } from './log-is-cleaned.ts';
export { needs } from './needs.ts';
export type { Scenario, Step } from './scenario.ts';
export { growing, still } from './small-segments.ts';
export { advance, append, appendSnapshots, clearFaults, run } from './steps.ts';
