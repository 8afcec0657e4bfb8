import { describe, expect, test } from 'vitest';
import { finishedAmong, unfinishedPartOf } from '../../../conformance/oracle/backup/unfinished.ts';

const none: ReadonlySet<string> = new Set();

describe('what is marked as unfinished', () => {
  test.each([
    'axonserver-20240101.tar.gz.part',
    'backup-7.tmp/events/default/00000000000000000000.events',
    '.staging-4711/log/default/00000000000000000001.log',
    'tmp/controldb1704067200022.zip',
    '.tmp.Xy3z/events',
    'runs/.incoming-3/x',
    'backup.partial',
    'backup_tmp1/x',
    'x.tar.part!events/00000000000000000000.events',
    'backup-00007.tar.gz.part',
    'notes.json~',
    '.controldb1704067200022.zip.Ab12Cd',
    'events/default/.00000000000000000000.events.x09ZzQ',
    'controldb1704067200022.zip.filepart',
    '._controldb1704067200022.zip',
    'backups/.backup.tar.zst.Ab12Cd',
    '.backup.tar.gz.k3xq0p!events/x',
    '__MACOSX/events/default/._00000000000000000000.events',
    'events/default/.nfs000000000123abcd00000001',
    'lost+found/#12345',
    '.Trash-1000/files/controldb1704067200022.zip',
  ])('%s is left out', (path) => {
    expect(unfinishedPartOf(path, { names: none })).not.toBeNull();
  });

  test.each([
    'events/default/00000000000000000000.events',
    'backup-000007/log/_admin/00000000000000000001.log',
    '.generations/3/controldb1704067200022.zip',
    'template/x',
    'partners/x',
    'temperature.2024/x',
    'my-company.temporal/x',
    'stages/x',
    '00002.part.zip',
    'backup.part.2/x',
    'part-0001/x',
    'parts/x',
    '.00000000000000000000.events',
    '.backup.zip',
    '.old.events/x',
    '.a.b.c.d.e/controldb1704067200022.zip',
    '_controldb1704067200022.zip',
    '.controldb.zip.backup',
    '.store.db.latest/x',
    '.nightly.log.260101/x',
    '.2024.tar.100000',
    '.x.zip.sha256',
    '._x/events/default/00000000000000000000.events',
  ])('%s is not', (path) => {
    expect(unfinishedPartOf(path, { names: none })).toBeNull();
  });

  test('a context may be called anything', () => {
    const names = new Set(['staging', 'my stage']);
    expect(unfinishedPartOf('events/staging/00000000000000000000.events', { names })).toBeNull();
    expect(unfinishedPartOf('my%20stage.tar.gz!00000000000000000000.events', { names })).toBeNull();
    expect(unfinishedPartOf('staging/tmp/00000000000000000000.events', { names })).toBe('staging/tmp');
  });

  test.each([
    ['tmp/kit-1/cluster/node-1/events/default/00000000000000000000.events', '/tmp/kit-1/cluster/node-1/events'],
    ['backup-7/srv/staging/axon/log/default/00000000000000000001.log', '/srv/staging/axon/log'],
    ['staging/axon/log/default/00000000000000000001.log', '/srv/staging/axon/log'],
    ['run.tar!srv/staging/axon/log/default/00000000000000000001.log', '/srv/staging/axon/log'],
    ['_srv_staging_axon_log/default/00000000000000000001.log', '/srv/staging/axon/log'],
    ['%2Ftmp%2Fkit-1%2Fevents%2Fdefault/00000000000000000000.events', '/tmp/kit-1/events'],
  ])('%s keeps the path that the server has, and is whole', (path, serverPath) => {
    const of = { names: none, serverPaths: [serverPath] };
    expect(unfinishedPartOf(path, of)).toBeNull();
    expect(unfinishedPartOf(`.incomplete-3/${path}`, of)).toBe('.incomplete-3');
    expect(unfinishedPartOf(path.replace(/^(?:[^/!]*[/!])?/, 'staging-4711/'), of)).not.toBeNull();
  });

  test('a folder that a client may well have of its own is marked, whatever the server has at the end of its paths', () => {
    const of = { names: none, serverPaths: ['/srv/staging/events'] };
    expect(unfinishedPartOf('staging/events/default/00000000000000000000.events', of)).toBe('staging');
  });

  const partOf = ({ path }: { readonly path: string }): string | null =>
    /\.(?<part>events|log|zip)$/.exec(path)?.[1] ?? null;
  const finished = (...paths: string[]): string[] =>
    finishedAmong(
      paths.map((path) => ({ path })),
      { names: none },
      partOf,
      true,
    ).map(({ path }) => path);

  test('counts where there is nothing else', () => {
    const files = [{ path: 'tmp/a.events' }, { path: 'README' }];
    expect(finishedAmong(files, { names: none }, partOf)).toEqual(files);
    const beside = [...files, { path: 'good/a.events' }];
    expect(finishedAmong(beside, { names: none }, partOf)).toEqual(beside.slice(1));
  });

  test('counts for a part of which there is nothing else, where nobody knows how the server calls its folders', () => {
    expect(finished('control.zip', 'srv/staging/axon/a.events', 'srv/staging/axon/a.log')).toHaveLength(3);
    expect(finished('control.zip', 'staging/a.events', 'b/b.events')).toEqual(['control.zip', 'b/b.events']);
    expect(finished('control.zip', 'staging/a.events', 'staging/x.partial/b.events')).toEqual([
      'control.zip',
      'staging/a.events',
    ]);
    expect(finished('control.zip', '.staging-1/a.events', 'backup-2.tmp/a.log')).toEqual(['control.zip']);
    const known = [{ path: 'control.zip' }, { path: 'staging/a.events' }];
    expect(finishedAmong(known, { names: none }, partOf)).toEqual(known.slice(0, 1));
  });
});
