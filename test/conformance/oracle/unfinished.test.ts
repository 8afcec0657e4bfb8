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
  ])('%s is left out', (path) => {
    expect(unfinishedPartOf(path, none)).not.toBeNull();
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
  ])('%s is not', (path) => {
    expect(unfinishedPartOf(path, none)).toBeNull();
  });

  test('a context may be called anything', () => {
    const names = new Set(['staging', 'my stage']);
    expect(unfinishedPartOf('events/staging/00000000000000000000.events', names)).toBeNull();
    expect(unfinishedPartOf('my%20stage.tar.gz!00000000000000000000.events', names)).toBeNull();
    expect(unfinishedPartOf('staging/tmp/00000000000000000000.events', names)).toBe('staging/tmp');
  });

  test('counts where there is nothing else', () => {
    const files = [{ path: 'tmp/a.events' }, { path: 'README' }];
    expect(finishedAmong(files, none, ({ path }) => path.endsWith('.events'))).toEqual(files);
    const beside = [...files, { path: 'good/a.events' }];
    expect(finishedAmong(beside, none, ({ path }) => path.endsWith('.events'))).toEqual(beside.slice(1));
  });
});
