import type { Action } from './scenario.ts';
import { advance, append } from './steps.ts';

/**
 * The log moves on by a few segments, and those before are deleted: what an earlier run has copied of it, and left lying
 * somewhere, is no part of it any more.
 */
export const logIsCleaned: readonly Action[] = [
  append(60),
  advance('5s'),
  { kind: 'clean-log', node: 'node-1', group: 'default', olderThan: '0s' },
];
