import type { RecordedCall, Release } from './recording.ts';

/** In what ours is not to answer as the recorded servers did, and why. */
export interface Exception {
  readonly reason: string;
  readonly covers: (call: RecordedCall, release: Release) => boolean;
}

const named =
  (...names: readonly string[]) =>
  ({ name }: RecordedCall): boolean =>
    names.includes(name);

/** Each is needed by some call, and each call that differs has one: the test holds both. */
export const exceptions: readonly Exception[] = [
  {
    reason: 'a method that Node.js does not take for one: its parser answers 400 before anybody else sees the request',
    covers: named('fn-foo'),
  },
  {
    reason: 'the pages that describe the API are ours: open, and at paths of our own',
    covers: ({ name }) => /^ac-(swagger|api3)/.test(name),
  },
  {
    reason: 'the page at / is the live page: open, and not the dashboard',
    covers: ({ name }) => name.startsWith('ac-root-'),
  },
  {
    reason: '4.2.4 forgets its snapshot segments at a restart, since it looks for them among those of events',
    covers: (call, release) => release === '4.2.4' && call.name === 'fn-snapshot' && call.hasAccessControl,
  },
];
