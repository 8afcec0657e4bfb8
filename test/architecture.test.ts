import * as fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

/** A room, and whom it may import from beside itself. Files are rooms where their name stands here. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  'cli.ts': ['program.ts', 'conformance/commands'],
  'program.ts': ['commands.ts', 'conformance/commands', 'server/errors.ts'],
  'commands.ts': [
    'conformance/commands',
    'conformance/rules',
    'conformance/scenarios',
    'fixtures/clients/catalog.ts',
    'fixtures/clients/start-command.ts',
    'server/serve',
  ],

  'server/serve': [
    'server/index.ts',
    'server/start',
    'server/options',
    'server/versions',
    'server/quantities.ts',
    'server/errors.ts',
  ],
  'server/start': [
    'server/http',
    'server/simulation',
    'server/cluster',
    'server/stores',
    'server/formats',
    'server/config.ts',
    'server/errors.ts',
    'folders',
  ],
  'server/versions': ['server/formats'],
  'server/index.ts': [
    'server/start',
    'server/restored-node.ts',
    'server/http',
    'server/simulation',
    'server/cluster',
    'server/stores',
    'server/formats',
    'server/versions',
    'server/config.ts',
    'server/options',
    'server/errors.ts',
  ],
  'server/shapes.ts': ['server/config.ts', 'server/options', 'server/simulation', 'server/schema-type.ts'],
  'server/schema-type.ts': [],
  'server/restored-node.ts': [
    'server/cluster',
    'server/stores',
    'server/formats',
    'server/time-and-chance',
    'server/errors.ts',
  ],
  'server/config.ts': ['server/options', 'server/cluster', 'server/formats', 'server/versions', 'server/errors.ts'],
  'server/options': [
    'server/cluster',
    'server/formats',
    'server/access-functions.ts',
    'server/schema-type.ts',
    'server/versions',
    'server/quantities.ts',
    'server/errors.ts',
  ],
  'server/access-functions.ts': [],
  'server/quantities.ts': ['server/errors.ts'],
  'server/errors.ts': [],
  'server/http': [
    'folders',
    'timeline',
    'server/simulation',
    'server/cluster',
    'server/stores',
    'server/formats',
    'server/access-functions.ts',
    'server/versions',
    'server/schema-type.ts',
    'server/quantities.ts',
    'server/errors.ts',
  ],
  'server/page': ['server/http', 'server/simulation'],
  'server/simulation': [
    'server/cluster',
    'server/stores',
    'server/formats',
    'server/time-and-chance',
    'server/config.ts',
    'server/versions',
    'server/schema-type.ts',
    'server/quantities.ts',
    'server/errors.ts',
  ],
  'server/cluster': ['server/stores', 'server/formats', 'server/time-and-chance', 'server/errors.ts'],
  'server/stores': ['server/formats', 'server/time-and-chance', 'server/access-functions.ts', 'server/errors.ts'],
  'server/formats': ['server/errors.ts'],
  'server/time-and-chance': [],

  folders: [],
  timeline: [],
  h2: [],

  'conformance/commands': [
    'conformance/check',
    'conformance/demo',
    'conformance/driver',
    'conformance/explore',
    'folders',
    'conformance/journal',
    'conformance/oracle',
    'conformance/reporters',
    'conformance/restore',
    'conformance/rules',
    'conformance/scenarios',
    'conformance/verdict',
    'server/index.ts',
    'server/quantities.ts',
    'conformance/watch',
    'server/shapes.ts',
  ],
  'conformance/watch': [
    'conformance/check',
    'conformance/driver',
    'conformance/journal',
    'conformance/oracle',
    'conformance/rules',
    'conformance/scenarios',
    'conformance/verdict',
    'server/index.ts',
  ],
  'conformance/restore': ['conformance/journal', 'conformance/oracle', 'server/formats', 'server/index.ts'],
  'conformance/index.ts': [
    'conformance/check',
    'conformance/driver',
    'conformance/explore',
    'conformance/oracle',
    'conformance/reporters',
    'conformance/rules',
    'conformance/verdict',
    'server/index.ts',
  ],
  'conformance/vitest.ts': [
    'conformance/index.ts',
    'conformance/check',
    'conformance/reporters',
    'conformance/rules',
    'conformance/verdict',
  ],
  'conformance/check': [
    'conformance/driver',
    'folders',
    'conformance/journal',
    'conformance/oracle',
    'conformance/rules',
    'conformance/scenarios',
    'conformance/triage',
    'conformance/verdict',
    'server/index.ts',
    'server/shapes.ts',
    'server/quantities.ts',
    'timeline',
  ],
  'conformance/explore': [
    'conformance/check',
    'conformance/journal',
    'conformance/scenarios',
    'conformance/verdict',
    'server/index.ts',
    'server/quantities.ts',
  ],
  'conformance/demo': [
    'conformance/check',
    'conformance/driver',
    'conformance/journal',
    'conformance/scenarios',
    'conformance/verdict',
    'server/index.ts',
  ],
  'conformance/reporters': [
    'conformance/demo',
    'conformance/triage',
    'conformance/verdict',
    'conformance/rules',
    'conformance/scenarios',
    'conformance/check',
    'server/index.ts',
    'timeline',
  ],
  'conformance/oracle': [
    'folders',
    'conformance/journal',
    'server/index.ts',
    'server/restored-node.ts',
    // Alone, so that threads that read segments load no server.
    'server/errors.ts',
    'server/formats',
    'h2',
  ],
  'conformance/rules': ['conformance/journal', 'conformance/verdict'],
  'conformance/scenarios': ['conformance/journal', 'server/index.ts', 'server/shapes.ts'],
  'conformance/triage': ['conformance/rules', 'conformance/verdict'],
  'conformance/verdict': ['conformance/rules', 'timeline'],
  'conformance/driver': ['server/index.ts'],
  'conformance/journal': ['conformance/driver', 'conformance/scenarios', 'server/index.ts'],

  'fixtures/clients/catalog.ts': [
    'fixtures/clients/mutant-row.ts',
    'fixtures/clients/mutant-rows.ts',
    'fixtures/clients/shows-in.ts',
  ],
  'fixtures/clients/mutant-row.ts': [],
  'fixtures/clients/mutant-rows.ts': [
    'fixtures/clients/mutant-row.ts',
    'fixtures/clients/mutant-rows-of-dcb.ts',
    'fixtures/clients/mutant-rows-of-trouble.ts',
  ],
  'fixtures/clients/mutant-rows-of-dcb.ts': ['fixtures/clients/mutant-row.ts'],
  'fixtures/clients/mutant-rows-of-trouble.ts': ['fixtures/clients/mutant-row.ts'],
  'fixtures/clients/shows-in.ts': [],
  'fixtures/clients/start-command.ts': ['fixtures/clients/catalog.ts', 'folders'],
  'fixtures/clients': [],
};

/** Rooms within rooms, and which of them each may import from; a `.` stands for the files beside them. */
const innerArrows: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'conformance/oracle': {
    archives: [],
    segments: [],
    backup: ['archives', 'segments'],
    examination: ['archives', 'backup', 'segments'],
    boot: ['archives', 'backup', 'examination'],
    verification: ['archives', 'backup', 'boot', 'examination', 'segments'],
  },
  'conformance/journal': { '.': [], recording: ['.'], 'in-backup': ['.'], inference: ['.', 'in-backup'] },
  'conformance/check': {
    '.': ['folders', 'judge', 'play', 'report', 'selection'],
    play: ['folders', 'selection'],
    folders: [],
    judge: [],
    report: ['selection'],
    selection: [],
  },
  'server/http': {
    '.': ['access', 'answers', 'asked', 'control', 'live', 'on-the-way', 'public'],
    asked: [],
    answers: ['asked'],
    access: ['answers', 'asked'],
    live: ['answers'],
    control: ['answers', 'asked', 'live'],
    'on-the-way': ['access', 'answers', 'asked', 'live'],
    public: ['answers', 'asked'],
  },
  'server/cluster': {
    '.': ['dcb', 'group', 'member', 'node', 'terms', 'writes'],
    terms: [],
    dcb: ['group', 'member', 'node', 'terms'],
    member: ['terms'],
    group: ['member', 'terms'],
    node: ['member', 'terms'],
    writes: ['group', 'member', 'terms'],
  },
};

/** Rooms that know each other's types, and nothing more: data that is handed to and fro. */
const typePairs: ReadonlyArray<readonly [string, string]> = [
  // The page runs in a browser: what it has of the server are the shapes of its answers.
  ['server/http', 'server/page'],
  ['server/simulation', 'server/page'],
  ['conformance/rules', 'conformance/verdict'],
  ['conformance/scenarios', 'conformance/journal'],
  ['conformance/check', 'conformance/reporters'],
];

/** What only these files may use of the host. */
const hostAccess: ReadonlyArray<{ readonly what: RegExp; readonly name: string; readonly allowed: readonly string[] }> =
  [
    {
      name: 'the disk',
      what: /from 'node:fs/,
      allowed: [
        'server/stores/data-dir.ts',
        'server/stores/backup-place.ts',
        'server/stores/folder-archive.ts',
        'server/stores/files-below.ts',
        'server/http/live/live-page.ts',
        'server/start/data-folder-lock.ts',
        'server/start/start.ts',
        'server/serve/serve.ts',
      ],
    },
    {
      name: "the host's clock",
      what: /Date\.now\(|new Date\(\)|performance\.now\(|node:timers|setTimeout\(|setInterval\(/,
      allowed: ['server/start/start.ts'],
    },
    { name: "the host's chance", what: /Math\.random\(|randomUUID|randomBytes/, allowed: [] },
    {
      name: 'the process',
      what: /\bprocess\./,
      allowed: [
        'server/serve/serve.ts',
        'server/start/start.ts',
        'server/start/data-folder-lock.ts',
        'server/stores/backup-place.ts',
      ],
    },
  ];

/** Rooms of pure functions: values in, values out. */
const pureRooms = [
  'timeline/',
  'h2/',
  'conformance/rules/',
  'conformance/reporters/',
  'conformance/triage/',
  'conformance/verdict/',
  'server/formats/',
  'server/time-and-chance/',
];

const rooms = ['server', 'folders', 'timeline', 'h2', 'conformance', 'fixtures'];
const sources = ['cli.ts', 'program.ts', 'commands.ts', ...rooms.flatMap(listSources)];

describe('the architecture', () => {
  test('every file belongs to a room', () => {
    expect(sources.filter((file) => roomOf(file) === null)).toEqual([]);
  });

  test('imports run along the arrows alone', () => {
    const strays = sources.flatMap((file) => {
      const room = roomOf(file);
      return importsOf(file)
        .filter(
          (target) => room !== null && roomOf(target) !== room && !(arrows[room] ?? []).includes(roomOf(target) ?? ''),
        )
        .map((target) => `${file} → ${target}`);
    });
    expect(strays).toEqual([]);
  });

  test.each(Object.keys(innerArrows))(
    'within %s imports run along its own arrows, and all files are in a room',
    (room) => {
      const inner = innerArrows[room] ?? {};
      const innerOf = (file: string): string => path.posix.relative(room, path.posix.dirname(file)) || '.';
      const mine = sources.filter((file) => file.startsWith(`${room}/`));
      expect(mine.filter((file) => !(innerOf(file) in inner))).toEqual([]);
      const strays = mine.flatMap((file) =>
        importsOf(file)
          .filter((target) => target.startsWith(`${room}/`) && innerOf(target) !== innerOf(file))
          .filter((target) => !(inner[innerOf(file)] ?? []).includes(innerOf(target)))
          .map((target) => `${file} → ${target}`),
      );
      expect(strays).toEqual([]);
    },
  );

  /** As conformance/README.md draws it: each takes what it knows from the one before, down to the evidence and up from it. */
  test('the way of a name from the listing to the verdict has two legs', () => {
    const at = (name: string): string => `conformance/${name}.ts`;
    const takes = (file: string, from: string): boolean => importsOf(at(file)).includes(at(from));
    const legs = [
      ['journal/recording/recorder', 'journal/recording/listed-files', 'journal/evidence'],
      ['check/judge/judge', 'rules/rule', 'journal/evidence'],
      ['rules/cursor/never-skips', 'journal/inference/listing-rounds', 'journal/evidence'],
      ['rules/cursor/never-skips', 'journal/in-backup/backup-copies', 'journal/inventory'],
      ['oracle/backup/backup-reader', 'journal/inventory'],
    ];
    const steps = legs.flatMap((leg) => leg.slice(1).map((from, place) => [leg[place] ?? '', from] as const));
    expect(steps.filter(([file, from]) => !takes(file, from))).toEqual([]);
    expect(steps.filter(([file, from]) => takes(from, file))).toEqual([]);
  });

  test('no room within another leads round in a circle', () => {
    const visit = (
      inner: Readonly<Record<string, readonly string[]>>,
      room: string,
      trail: readonly string[],
    ): string[] =>
      trail.includes(room)
        ? [[...trail, room].join(' → ')]
        : (inner[room] ?? []).flatMap((next) => visit(inner, next, [...trail, room]));
    const circles = Object.values(innerArrows).flatMap((inner) =>
      Object.keys(inner).flatMap((room) => visit(inner, room, [])),
    );
    expect(circles).toEqual([]);
  });

  test('the arrows lead round in no circle, but for types that two rooms share', () => {
    const isShared = (from: string, to: string): boolean => typePairs.some(([a, b]) => a === to && b === from);
    const visit = (room: string, trail: readonly string[]): string[] => {
      if (trail.includes(room)) return [[...trail, room].join(' → ')];
      return (arrows[room] ?? [])
        .filter((next) => !isShared(room, next))
        .flatMap((next) => visit(next, [...trail, room]));
    };
    expect(Object.keys(arrows).flatMap((room) => visit(room, []))).toEqual([]);
  });

  test('no files import each other in a circle', () => {
    const known = new Map(sources.map((file) => [file, importsOf(file)]));
    const done = new Set<string>();
    const visit = (file: string, trail: readonly string[]): string[] => {
      if (trail.includes(file)) return [[...trail.slice(trail.indexOf(file)), file].join(' → ')];
      if (done.has(file)) return [];
      const circles = (known.get(file) ?? []).flatMap((next) => visit(next, [...trail, file]));
      done.add(file);
      return circles;
    };
    expect(sources.flatMap((file) => visit(file, []))).toEqual([]);
  });

  test('two rooms that share types import nothing else against the arrow', () => {
    const strays = typePairs.flatMap(([to, from]) =>
      sources
        .filter((file) => roomOf(file) === from)
        .flatMap((file) =>
          valueImportsOf(file)
            .filter((target) => roomOf(target) === to)
            .map((target) => `${file} → ${target}`),
        ),
    );
    expect(strays).toEqual([]);
  });

  test('pure rooms touch neither disk, clock, chance nor process', () => {
    const host =
      /from 'node:(fs|child_process|http|os|timers|worker_threads|net)|Date\.now\(|new Date\(\)|Math\.random\(|\bprocess\./;
    const users = sources.filter((file) => pureRooms.some((room) => file.startsWith(room)) && host.test(codeOf(file)));
    expect(users).toEqual([]);
  });

  test.each(hostAccess)('$name is for a few files alone', ({ what, allowed }) => {
    // The page's host is the browser, whose clock decides nothing about the cluster.
    const hosted = sources.filter((file) => file.startsWith('server/') && !file.startsWith('server/page/'));
    const users = hosted.filter((file) => what.test(codeOf(file)));
    expect(users.filter((file) => !allowed.includes(file))).toEqual([]);
  });

  test('no file has grown past three hundred lines', () => {
    const long = sources.filter((file) => fs.readFileSync(path.join(root, file), 'utf8').split('\n').length > 300);
    expect(long).toEqual([]);
  });
});

function listSources(folder: string): string[] {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')));
}

function roomOf(file: string): string | null {
  if (file in arrows) return file;
  return Object.keys(arrows).find((room) => !room.endsWith('.ts') && file.startsWith(`${room}/`)) ?? null;
}

function importsOf(file: string): string[] {
  const specifiers = [...codeOf(file).matchAll(/(?:from |import |import\()'(?<target>\.[^']+)'/g)];
  return specifiers.map((match) => path.posix.join(path.posix.dirname(file), match.groups?.['target'] ?? ''));
}

/** Imports of more than types. */
function valueImportsOf(file: string): string[] {
  const code = codeOf(file).replaceAll(/import type [^;]*;|export type [^;]*;/g, '');
  return [...code.matchAll(/from '(?<target>\.[^']+)'/g)].map((match) =>
    path.posix.join(path.posix.dirname(file), match.groups?.['target'] ?? ''),
  );
}

/** Without comments, which may well speak of what the code must not do. */
function codeOf(file: string): string {
  return fs.readFileSync(path.join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}
