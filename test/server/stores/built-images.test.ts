import { expect, test } from 'vitest';
import { BuiltImages } from '../../../server/stores/built-images.ts';
import { emptyControlDbContent, type GroupPointers } from '../../../server/stores/control-db-content.ts';
import { ControlDb, loadSqlEngine } from '../../../server/stores/control-db.ts';

const node = {
  name: 'node-1',
  hostName: 'localhost',
  internalHostName: 'localhost',
  httpPort: 8024,
  grpcPort: 8124,
  grpcInternalPort: 8224,
};
const pointers: GroupPointers = {
  commitIndex: 7,
  commitTerm: 1,
  currentTerm: 1,
  lastAppliedIndex: 7,
  lastAppliedTerm: 1,
  votedFor: null,
};

test('nodes with the same content share an image, and one that differs in anything has its own', async () => {
  const engine = await loadSqlEngine();
  const imageOf = (change: Partial<GroupPointers>, name = 'node-1'): Uint8Array => {
    const database = ControlDb.create(engine);
    database.putNode({ ...node, name });
    database.writePointers('group-id', { ...pointers, ...change });
    return database.image();
  };
  const first = imageOf({});
  expect(imageOf({})).toEqual(first);
  for (const other of [imageOf({ commitIndex: 8 }), imageOf({ votedFor: 'node-1-id' }), imageOf({}, 'node-2')]) {
    expect(other).not.toEqual(first);
    expect(ControlDb.open(engine, other).image()).toEqual(other);
  }
  const newer = (lastAppliedIndex: number | null): Uint8Array => {
    const database = ControlDb.create(engine, 'since 2024');
    database.putNode(node);
    database.writePointers('group-id', pointers);
    if (lastAppliedIndex !== null) database.noteBackup('default', { lastAppliedIndex, lastBackupMs: 1 });
    return database.image();
  };
  expect(
    new Set([first, newer(null), newer(7), newer(8)].map((bytes) => Buffer.from(bytes).toString('base64'))).size,
  ).toBe(4);
  // What a caller does to its copy is its own affair.
  first.fill(0);
  expect(imageOf({})).not.toEqual(first);
});

test('what is kept is as the content was when it was built, and no more than a few are kept', () => {
  const images = new BuiltImages();
  let builds = 0;
  const wholeAt = (commitIndex: number): Uint8Array => {
    const content = emptyControlDbContent('until 2023');
    content.pointers.set('group-id', { ...pointers, commitIndex });
    const configuration = images.configuration(content, () => new Uint8Array(1));
    return images.whole(configuration, content, () => {
      builds++;
      return Uint8Array.of(commitIndex);
    });
  };
  expect([wholeAt(1), wholeAt(2), wholeAt(1)].map(([byte]) => byte)).toEqual([1, 2, 1]);
  expect(builds).toBe(2);
  for (let index = 3; index < 100; index++) wholeAt(index);
  expect(wholeAt(1)).toEqual(Uint8Array.of(1));
  expect(builds).toBe(100);
});
