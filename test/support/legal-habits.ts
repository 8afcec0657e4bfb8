import type { Evidence, ListedFile } from '../../conformance/journal/evidence.ts';
import type { BackupFile } from '../../conformance/journal/inventory.ts';
import { ended, exited, failing, request, run, segmentName } from './evidence.ts';
import {
  ask,
  copyOf,
  goodQuestions,
  goodSegmentRun,
  goodSegments,
  listedFiles,
  overwrite,
  segmentEvidence,
  segmentEvents,
  take,
  type Question,
  type StoreChoice,
} from './segment-evidence.ts';

/* Correct clients with odd habits, each with what it leaves: no rule about segments may fail any of them. */

const both: readonly [Question, Question] = [{ type: 'EVENT' }, { type: 'SNAPSHOT' }];

/** All files of the node as listed in run `number`, in a container of their own. */
function wholeCopy(number: number, container: string, choice: StoreChoice = {}): BackupFile[] {
  return both.flatMap(({ type = 'EVENT' }) => inContainer(take(number, { ...choice, type }), container));
}

function inContainer(files: readonly BackupFile[], container: string): BackupFile[] {
  const separator = /\.(tar|zip)$/.test(container) ? '!' : '/';
  return files.map((file) => ({ ...file, container, path: `${container}${separator}${file.name}` }));
}

function closedIn(number: number): BackupFile[] {
  return goodSegments(number).filter(({ checksum }) => !checksum.includes('open-'));
}

function withoutContext(files: readonly BackupFile[]): BackupFile[] {
  return files.map((file) => {
    const { what } = file;
    const saysNothing = what.kind === 'index' || (what.kind === 'segment' && file.checksum.includes('open-'));
    return saysNothing ? { ...file, what: { ...what, context: null } } : file;
  });
}

function descendingTwice(files: readonly ListedFile[]): ListedFile[] {
  const names = files.toSorted((a, b) => (a.name < b.name ? 1 : -1));
  const first = names.slice(0, 1).map((file) => ({ ...file, path: `/axonserver/./${file.name}` }));
  return [...names, ...first];
}

/** Copies as of run 1, but that of the open segment, which closed before it was copied. */
const copiedAfterRollOver = goodSegments(1).map((file) =>
  file.name === segmentName(52) ? { ...file, checksum: `sha-${file.name}` } : file,
);
const halfOfRun2 = goodSegments(2).filter(({ name }) => !name.startsWith(segmentName(78).slice(0, 20)));
/** A run 2 that dies when it has copied some. */
const killedMidCopy = run({
  run: 2,
  requests: goodQuestions(2).map((question) => ask(2, question)),
  before: goodSegments(1),
  after: halfOfRun2,
  result: ended(),
  wasKilled: true,
});

const orders: StoreChoice = {
  context: 'orders',
  state: { closed: [0, 13], open: 26, openAs: 'run-1' },
};
const ordersLater: StoreChoice = {
  context: 'orders',
  state: { closed: [0, 13, 26], open: 39, openAs: 'run-2' },
};

const versioned: ListedFile = {
  path: `/axonserver/${segmentName(0).slice(0, 20)}_00001.events`,
  name: `${segmentName(0).slice(0, 20)}_00001.events`,
  sizeBytes: 500,
  modifiedAtMs: 0,
  checksum: 'sha-of-version-1',
  isOpen: false,
};

export const legalHabits: Readonly<Record<string, Evidence>> = {
  'a good client, four times': segmentEvidence([1, 2, 3, 4].map((number) => goodSegmentRun(number))),
  'a full copy every run, over the last one': segmentEvidence(
    [1, 2, 3].map((number) =>
      run({
        run: number,
        requests: both.map((question) => ask(number, question)),
        before: number === 1 ? [] : wholeCopy(number - 1, 'events'),
        after: wholeCopy(number, 'events'),
      }),
    ),
  ),
  'a full archive every run, beside the last ones': segmentEvidence(
    [1, 2, 3].map((number) =>
      run({
        run: number,
        requests: both.map((question) => ask(number, question)),
        before: [1, 2].slice(0, number - 1).flatMap((past) => wholeCopy(past, `run-${past}.tar`)),
        after: [1, 2, 3].slice(0, number).flatMap((past) => wholeCopy(past, `run-${past}.tar`)),
      }),
    ),
  ),
  'one archive, written anew with what it had': segmentEvidence(
    [1, 2, 3].map((number) =>
      goodSegmentRun(number, {
        before: inContainer(goodSegments(number - 1), 'all.zip').map((file) => ({ ...file, writtenInRun: number - 1 })),
        after: inContainer(goodSegments(number), 'all.zip').map((file) => ({ ...file, writtenInRun: number })),
      }),
    ),
  ),
  'dated folders with what is new': segmentEvidence(
    [1, 2, 3].map((number) => {
      const folders = [1, 2, 3].map((past) =>
        goodQuestions(past).flatMap((question) => inContainer(take(past, question), `2024-01-01-run-${past}`)),
      );
      return goodSegmentRun(number, {
        before: folders.slice(0, number - 1).flat(),
        after: folders.slice(0, number).flat(),
      });
    }),
  ),
  'looks again when it has copied, and discovers first': segmentEvidence([
    goodSegmentRun(1, {
      requests: [
        request(),
        ...both.map((question) => ask(1, question)),
        ...both.map((question) => ask(2, { ...question, closedOnly: true })),
        ...both.map((question) => ask(2, question)),
      ],
    }),
    goodSegmentRun(2),
  ]),
  'asks for all names beside what is new': segmentEvidence(
    [1, 2].map((number) =>
      goodSegmentRun(number, {
        requests: [
          ...goodQuestions(number).map((question) => ask(number, question)),
          ...both.map((question) => ask(number, { ...question, closedOnly: true })),
        ],
      }),
    ),
  ),
  'tries again': segmentEvidence(
    [1, 2].map((number) =>
      goodSegmentRun(number, {
        requests: goodQuestions(number).flatMap((question) => [
          failing(ask(number, question)),
          failing(ask(number, question), 0),
          ask(number, question),
        ]),
      }),
    ),
  ),
  'another node next time, into a folder of its own': segmentEvidence([
    goodSegmentRun(1, { after: wholeCopy(1, 'node-1') }),
    run({
      run: 2,
      node: 'node-2',
      requests: both.map((question) => ask(2, { ...question, node: 'node-2' })),
      before: wholeCopy(1, 'node-1'),
      after: [...wholeCopy(1, 'node-1'), ...wholeCopy(2, 'node-2', { node: 'node-2' })],
    }),
    run({
      run: 4,
      requests: [ask(4, { cursor: 26 }), ask(4, { type: 'SNAPSHOT' })],
      before: [...wholeCopy(1, 'node-1'), ...wholeCopy(2, 'node-2', { node: 'node-2' })],
      after: [
        ...overwrite(wholeCopy(1, 'node-1'), wholeCopy(4, 'node-1')),
        ...wholeCopy(2, 'node-2', { node: 'node-2' }),
      ],
    }),
  ]),
  'another node next time, in place of the first': segmentEvidence([
    goodSegmentRun(1, { after: wholeCopy(1, 'events') }),
    run({
      run: 2,
      node: 'node-2',
      requests: both.map((question) => ask(2, { ...question, node: 'node-2' })),
      before: wholeCopy(1, 'events'),
      after: wholeCopy(2, 'events', { node: 'node-2' }),
    }),
  ]),
  'turns to another node in the middle of the run': segmentEvidence([
    run({
      run: 2,
      requests: [
        ask(2),
        failing(ask(2, { type: 'SNAPSHOT' }), 0),
        ...both.map((question) => ask(2, { ...question, node: 'node-2' })),
      ],
      after: wholeCopy(2, 'events', { node: 'node-2' }),
    }),
  ]),
  'asks until nothing new comes': segmentEvidence([
    run({
      requests: [
        ask(1),
        ask(1, { type: 'SNAPSHOT' }),
        ask(2, { cursor: 26 }),
        ask(2, { type: 'SNAPSHOT' }),
        ask(2, { cursor: 78 }),
        ask(2, { type: 'SNAPSHOT', cursor: 0 }),
      ],
      after: goodSegments(2).map((file) => ({ ...file, writtenInRun: 1 })),
    }),
    goodSegmentRun(3, { before: goodSegments(2).map((file) => ({ ...file, writtenInRun: 1 })) }),
  ]),
  'asks with the highest number there is, for the open segment alone': segmentEvidence(
    [1, 2].map((number) =>
      goodSegmentRun(number, {
        requests: goodQuestions(number).flatMap((question) => [
          ask(number, { ...question, cursor: 2 ** 53 }),
          ask(number, { ...question, closedOnly: true }),
        ]),
      }),
    ),
  ),
  'copies the last closed segment twice, to be on the safe side': segmentEvidence([
    goodSegmentRun(1, { requests: both.map((question) => ask(1, { ...question, reshape: descendingTwice })) }),
    goodSegmentRun(2, {
      requests: [ask(2, { cursor: 0, reshape: descendingTwice }), ask(2, { type: 'SNAPSHOT' })],
    }),
    goodSegmentRun(3, {
      requests: [ask(3, { cursor: 52, reshape: descendingTwice }), ask(3, { type: 'SNAPSHOT', cursor: 0 })],
    }),
  ]),
  'no open segment, declared': segmentEvidence(
    [1, 2, 3].map((number) => {
      return goodSegmentRun(number, {
        requests: goodQuestions(number).map((question) => ask(number, { ...question, closedOnly: true })),
        before: closedIn(number - 1),
        after: closedIn(number),
      });
    }),
    { capabilities: ['no-open-segment'] },
  ),
  'no snapshots, declared': segmentEvidence(
    [1, 2].map((number) =>
      goodSegmentRun(number, {
        requests: goodQuestions(number)
          .slice(0, 1)
          .map((question) => ask(number, question)),
        before: goodSegments(number - 1).filter(({ name }) => !name.includes('.s')),
        after: goodSegments(number).filter(({ name }) => !name.includes('.s')),
      }),
    ),
    { capabilities: ['no-snapshots'] },
  ),
  'fails, keeps nothing of it, and asks as before': segmentEvidence([
    goodSegmentRun(1),
    goodSegmentRun(2, { after: goodSegments(1), result: exited(1) }),
    run({
      run: 3,
      requests: [ask(3, { cursor: 26 }), ask(3, { type: 'SNAPSHOT' })],
      before: goodSegments(1),
      after: goodSegments(3),
    }),
  ]),
  'fails and begins anew': segmentEvidence([
    goodSegmentRun(1),
    killedMidCopy,
    run({
      run: 3,
      requests: both.map((question) => ask(3, question)),
      before: halfOfRun2,
      after: wholeCopy(3, 'anew'),
    }),
  ]),
  'moves its cursor with each segment that is safe': segmentEvidence([
    goodSegmentRun(1),
    killedMidCopy,
    run({
      run: 3,
      requests: [ask(3, { cursor: 52 }), ask(3, { type: 'SNAPSHOT' })],
      before: halfOfRun2,
      after: goodSegments(3),
    }),
  ]),
  'finishes in its state folder what a killed run had begun there': segmentEvidence([
    goodSegmentRun(1),
    { ...killedMidCopy, after: killedMidCopy.before },
    run({
      run: 3,
      requests: [ask(3, { cursor: 78 }), ask(3, { type: 'SNAPSHOT', cursor: 0 })],
      before: goodSegments(1),
      after: goodSegments(3),
    }),
  ]),
  'copies what has rolled over since it was listed, and not again': segmentEvidence([
    goodSegmentRun(1, { after: copiedAfterRollOver }),
    goodSegmentRun(2, {
      before: copiedAfterRollOver,
      after: goodSegments(2).map((file) => ({ ...file, writtenInRun: file.name === segmentName(52) ? 1 : 2 })),
    }),
  ]),
  'copies an open segment that has grown since it was listed': segmentEvidence([
    goodSegmentRun(1),
    goodSegmentRun(2, {
      after: goodSegments(2).map((file) =>
        file.name === segmentName(104) ? { ...file, checksum: 'sha-of-later' } : file,
      ),
    }),
    goodSegmentRun(4, {
      before: goodSegments(2).map((file) =>
        file.name === segmentName(104) ? { ...file, checksum: 'sha-of-later' } : file,
      ),
    }),
  ]),
  'lays two contexts out flat, where indexes and open segments do not say whose they are': segmentEvidence(
    [
      run({
        requests: both.flatMap((question) => [ask(1, question), ask(1, { ...question, ...orders })]),
        after: withoutContext([...wholeCopy(1, 'd'), ...wholeCopy(1, 'o', orders)]),
      }),
      run({
        run: 2,
        requests: [
          ask(2, { cursor: 26 }),
          ask(2, { type: 'SNAPSHOT' }),
          ask(2, { ...ordersLater, cursor: 13 }),
          ask(2, { ...ordersLater, type: 'SNAPSHOT', cursor: 13 }),
        ],
        before: withoutContext([...wholeCopy(1, 'd'), ...wholeCopy(1, 'o', orders)]),
        after: withoutContext([
          ...overwrite(wholeCopy(1, 'd'), wholeCopy(2, 'd')),
          ...overwrite(wholeCopy(1, 'o', orders), wholeCopy(2, 'o', ordersLater)),
        ]),
      }),
    ],
    {
      contexts: ['default', 'orders'],
      events: [...segmentEvents(), ...segmentEvents({ type: 'SNAPSHOT' })],
    },
  ),
  'leaves out a listed index that does not exist, and takes versions for what they are': segmentEvidence([
    goodSegmentRun(1, {
      requests: both.map((question) =>
        ask(1, {
          ...question,
          reshape: (files) => [
            ...files,
            {
              ...files[0],
              path: '/gone',
              name: `${segmentName(0).slice(0, 20)}_00001.index`,
              sizeBytes: null,
              modifiedAtMs: null,
              checksum: null,
              isOpen: false,
            },
            ...(question.type === 'EVENT' ? [versioned] : []),
          ],
        }),
      ),
      after: [...goodSegments(1), copyOf(versioned)],
    }),
  ]),
  'finds a store with nothing in it': segmentEvidence(
    [
      run({
        requests: both.map((question) => ask(1, { ...question, state: { closed: [], open: 0, openAs: 'empty' } })),
        after: listedFiles(1, { state: { closed: [], open: 0, openAs: 'empty' } })
          .concat(listedFiles(1, { type: 'SNAPSHOT', state: { closed: [], open: 0, openAs: 'empty' } }))
          .map((file) => copyOf(file)),
      }),
    ],
    { events: [] },
  ),
};
