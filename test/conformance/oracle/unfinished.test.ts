import { describe, expect, test } from 'vitest';
import { finishedAmong, isUnfinished } from '../../../conformance/oracle/unfinished.ts';

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
    expect(isUnfinished(path, none)).toBe(true);
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
    expect(isUnfinished(path, none)).toBe(false);
  });

  test('a context may be called anything', () => {
    expect(isUnfinished('events/staging/00000000000000000000.events', new Set(['staging']))).toBe(false);
  });

  test('counts where there is nothing else', () => {
    const files = [{ path: 'tmp/a.events' }, { path: 'README' }];
    expect(finishedAmong(files, [], ({ path }) => path.endsWith('.events'))).toEqual(files);
    const beside = [...files, { path: 'good/a.events' }];
    expect(finishedAmong(beside, [], ({ path }) => path.endsWith('.events'))).toEqual(beside.slice(1));
  });
});
