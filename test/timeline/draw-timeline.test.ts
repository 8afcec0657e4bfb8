import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawTimeline, timelineStyle, type TimelineJournal, type TimelineOptions } from '../../timeline/index.ts';
import { hostile } from '../support/arbitrary-report.ts';
import { elementsOf, parseXmlElement, type ParsedElement } from '../support/parsed-xml.ts';
import {
  dayMs,
  hourMs,
  logEvents,
  minuteMs,
  sample,
  secondMs,
  storeEvents,
  timelineJournal,
  timelineLoss,
  timelineRequest,
  timelineRun,
  timelineViolation,
} from '../support/timelines.ts';

function draw(journal: TimelineJournal, options: TimelineOptions = {}): ParsedElement {
  return parseXmlElement(drawTimeline(journal, options));
}

function textsOf(picture: ParsedElement): string[] {
  return elementsOf(picture, 'text').map(({ text }) => text);
}

/** A day with so many segments of each kind, and as many requests, samples, cleanings and backups. */
function busyDay(segments: number): TimelineJournal {
  const everyMs = (23 * hourMs) / segments;
  const each = Array.from({ length: segments }, (_, place) => dayMs + Math.floor(place * everyMs));
  return timelineJournal({
    toMs: dayMs + 24 * hourMs,
    events: [
      ...storeEvents(segments, everyMs),
      ...storeEvents(segments, everyMs, { type: 'SNAPSHOT' }),
      ...logEvents(segments, everyMs),
      ...logEvents(segments, everyMs, '_admin'),
      ...each.map((atMs) => ({ atMs, kind: 'control-db-backup', node: 'node-1', file: '/data/zip' })),
      ...each.map((atMs, place) => ({ atMs, kind: place % 2 === 0 ? 'node-stopped' : 'node-started', node: 'node-1' })),
    ].toSorted((a, b) => a.atMs - b.atMs),
    samples: each.map((atMs, place) =>
      sample({
        atMs,
        lastIndex: place * 10,
        commitIndex: place * 10,
        appliedIndex: place * 10,
        nextCleaningMs: atMs + minuteMs,
      }),
    ),
    runs: each.map((startMs, place) => timelineRun({ run: place + 1, startMs, endMs: startMs + everyMs / 2 })),
    requests: each.flatMap((atMs) => [
      timelineRequest({ atMs, copiedUntilMs: atMs + 1, about: 'log', subject: 'default', files: 3 }),
      timelineRequest({ atMs, copiedUntilMs: atMs + 1, about: 'segments', subject: 'default', status: 503 }),
      timelineRequest({ atMs, copiedUntilMs: atMs + 1, about: 'segments', subject: 'default', node: 'node-2' }),
    ]),
    losses: each.map((atMs, place) => timelineLoss({ firstToken: place, lastToken: place, fromMs: atMs, toMs: atMs })),
  });
}

const broken = timelineJournal({
  violation: timelineViolation({ rule: 'order/log-within-30-minutes', message: 'listed 40m 00s after it' }),
  losses: [timelineLoss({ events: 12, fromMs: dayMs + 10 * minuteMs, toMs: dayMs + 20 * minuteMs })],
  runs: [timelineRun({ endMs: dayMs + 45 * minuteMs, exitCode: 3 })],
  requests: [timelineRequest({ status: 503 })],
});

/** What frames a picture, and what patterns are made of: it means nothing by itself. */
const frame: ReadonlySet<string> = new Set([
  'paper',
  'grid',
  'axis',
  'stretch',
  'edge',
  'ceiling',
  'faint',
  'dot',
  'hatch',
  'wrong-hatch',
  'wrong-soft',
  'wrong-box',
]);

/** What each look of a shape means, as the legend says it. */
const legend: Readonly<Record<string, RegExp>> = {
  closed: /^closed segment$/,
  soft: /^closed segment$/,
  edged: /^(?:open segment|many segments)$/,
  'open-area': /^open segment$/,
  gone: /^cleaned from the log$/,
  cut: /^log cleaned$/,
  applied: /^applied index$/,
  commit: /^commit index$/,
  needed: /^applied in the backup$/,
  run: /^run of the client$/,
  mark: /^(?:control database backup|lists a log|lists segments|other request)$/,
  copy: /^copies files$/,
  taken: /^copies files$/,
  elsewhere: /^on another node$/,
  window: /^30 minutes for the logs$/,
  tint: /^30 minutes for the logs$/,
  'tint-edge': /^30 minutes for the logs$/,
  plan: /^time to the next cleaning$/,
  due: /^cleaning is due$/,
  down: /^node is down$/,
  break: /^another scale of time$/,
  now: /^now$/,
  future: /^now$/,
  'wrong-line': /^rule broken$/,
  'wrong-mark': /^(?:failed|rule broken)$/,
  'wrong-edge': /lost after a restore$/,
};

describe('the picture of a timeline', () => {
  test('has a row for the client, the control database, each log and each store', () => {
    const names = elementsOf(draw(timelineJournal({ contexts: ['default', 'billing'] })), 'text')
      .filter((text) => text.attributes['class'] === 'name')
      .map(({ text }) => text);
    expect(names).toEqual([
      'client',
      'control database',
      'log of _admin',
      'log of default',
      'events of default',
      'snapshots of default',
      'events of billing',
      'snapshots of billing',
    ]);
  });

  test('is an image with a name and a description', () => {
    const picture = draw(broken, { title: 'A log listed too late', idPrefix: 'p7' });
    const { role, xmlns, ...attributes } = picture.attributes;
    expect([role, xmlns]).toEqual(['img', 'http://www.w3.org/2000/svg']);
    const byId = new Map(picture.children.map((child) => [child.attributes['id'], child.text]));
    expect(byId.get(attributes['aria-labelledby'])).toBe('A log listed too late');
    expect(byId.get(attributes['aria-describedby'])).toContain('Rule order/log-within-30-minutes was broken in run 1');
  });

  test('shows in words what was broken and what is lost', () => {
    const texts = textsOf(draw(broken));
    expect(texts).toContain('order/log-within-30-minutes, run 1, 00:40');
    expect(texts).toContain('listed 40m 00s after it');
    expect(texts).toContain('lost: 12 events');
    expect(texts).toContain('1 request, 1 failed');
  });

  test('every kind of mark that it has stands in its legend, and no other', () => {
    expect(textsOf(draw(broken))).toEqual(expect.arrayContaining(['failed', 'rule broken', 'lost after a restore']));
    const quiet = textsOf(draw(timelineJournal()));
    for (const word of ['failed', 'rule broken', 'lost after a restore', 'cleaned from the log']) {
      expect(quiet).not.toContain(word);
    }
  });

  test.each([
    ['a broken rule', broken],
    ['a busy day', busyDay(50)],
    ['a present, and what is planned', { ...busyDay(5), nowMs: dayMs + 30 * minuteMs }],
  ])('whatever is drawn stands in its legend: %s', (_name, journal) => {
    const picture = draw(journal);
    const looks = ['rect', 'path'].flatMap((name) =>
      elementsOf(picture, name).flatMap(({ attributes }) => attributes['class'] ?? []),
    );
    const texts = textsOf(picture);
    const drawn = [...new Set(looks)].filter((look) => !frame.has(look));
    expect(drawn.length).toBeGreaterThan(5);
    expect(drawn.filter((look) => !texts.some((text) => (legend[look] ?? /^(?!)/).test(text)))).toEqual([]);
  });

  test('ids are its own, so that pictures can stand side by side', () => {
    const idsOf = (prefix: string): string[] => {
      const picture = draw(broken, { idPrefix: prefix });
      const ids = [...elementsOf(picture, 'pattern'), ...elementsOf(picture, 'title'), ...elementsOf(picture, 'desc')];
      return ids.flatMap(({ attributes }) => attributes['id'] ?? []);
    };
    expect(idsOf('a').length).toBeGreaterThan(5);
    expect(idsOf('a').filter((id) => idsOf('b').includes(id))).toEqual([]);
  });

  test('every pattern that it fills with is defined in it', () => {
    const picture = draw(busyDay(50));
    const defined = new Set(elementsOf(picture, 'pattern').map(({ attributes }) => `url(#${attributes['id']})`));
    const used = [...elementsOf(picture, 'rect'), ...elementsOf(picture, 'path')].flatMap(
      ({ attributes }) => attributes['fill'] ?? [],
    );
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((fill) => !defined.has(fill))).toEqual([]);
  });

  test('styles stay within its class', () => {
    const selectors = timelineStyle
      .replaceAll(/@media[^{]*\{/g, '')
      .split('}')
      .map((rule) => (rule.split('{')[0] ?? '').trim())
      .filter((selector) => selector !== '')
      .flatMap((list) => list.split(','));
    expect(selectors.length).toBeGreaterThan(10);
    expect(selectors.filter((selector) => !selector.startsWith('.axon-timeline'))).toEqual([]);
  });

  test('a page that has the style already gets the picture without it', () => {
    expect(elementsOf(draw(broken), 'style')).toHaveLength(1);
    expect(elementsOf(draw(broken, { hasStyle: false }), 'style')).toHaveLength(0);
  });

  test('runs one right after the other are shown apart', () => {
    const runs = [1, 2].map((run) => {
      const startMs = dayMs + (29 + run) * minuteMs;
      return timelineRun({ run, startMs, endMs: startMs + minuteMs, exitCode: run - 1 });
    });
    expect(textsOf(draw(timelineJournal({ runs })))).toEqual(
      expect.arrayContaining([
        expect.stringContaining('run 1, 1 m, exit 0'),
        expect.stringContaining('run 2, 1 m, exit 1'),
      ]),
    );
  });

  test('a thousand segments merge, and say how many they are', () => {
    const texts = textsOf(draw(timelineJournal({ events: storeEvents(1000, 3 * secondMs) })));
    expect(texts).toContain('1,000 segments');
  });

  test('its size does not grow with what happened', () => {
    const sizeOf = (segments: number): number => drawTimeline(busyDay(segments)).length;
    expect(sizeOf(10_000)).toBeLessThan(1.2 * sizeOf(1000));
    expect(sizeOf(10_000)).toBeLessThan(200_000);
  });

  test('the same journal gives the same text', () => {
    expect(drawTimeline(busyDay(30))).toBe(drawTimeline(busyDay(30)));
  });

  test('nothing lies outside it', () => {
    const widthPx = 1280;
    for (const journal of [broken, busyDay(40), timelineJournal({ toMs: dayMs })]) {
      for (const { attributes } of elementsOf(draw(journal, { widthPx }), 'rect')) {
        const x = Number(attributes['x'] ?? 0);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x + Number(attributes['width'])).toBeLessThanOrEqual(widthPx + 8);
      }
    }
  });

  test('names and messages of any letters leave it well-formed, and stand in it as they are', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constant(hostile));
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 300, max: 2000 }), (title, name, message, widthPx) => {
        const picture = draw(
          timelineJournal({
            node: name,
            contexts: [name],
            groups: [name],
            events: storeEvents(3, minuteMs, { context: name, node: name }),
            requests: [timelineRequest({ path: message, method: name, subject: name, node: name })],
            violation: timelineViolation({ rule: name, run: null, message }),
            losses: [{ context: name, type: name, events: 1, firstToken: 0, lastToken: 0, fromMs: dayMs, toMs: dayMs }],
          }),
          { title, widthPx },
        );
        expect(picture.name).toBe('svg');
      }),
    );
    expect(draw(broken, { title: 'a < b & "c"' }).children[0]?.text).toBe('a < b & "c"');
  });

  test('no number in it is not a number', () => {
    const time = fc.integer({ min: dayMs - hourMs, max: dayMs + 3 * hourMs });
    const journals = fc.record({ fromMs: time, toMs: time, startMs: time, endMs: time, atMs: time, dueMs: time });
    fc.assert(
      fc.property(journals, ({ fromMs, toMs, startMs, endMs, atMs, dueMs }) => {
        const svg = drawTimeline({
          ...broken,
          fromMs,
          toMs,
          events: [
            ...logEvents(12, 15 * minuteMs),
            { atMs, kind: 'control-db-backup', node: 'node-1', file: '/data/controldb1.zip' },
          ].toSorted((a, b) => a.atMs - b.atMs),
          samples: [
            sample({ atMs, nextCleaningMs: dueMs }),
            sample({ atMs: endMs, lastIndex: 50, nextCleaningMs: null }),
          ],
          runs: [timelineRun({ startMs, endMs: Math.max(startMs, endMs) })],
          requests: [timelineRequest({ atMs, copiedUntilMs: Math.max(atMs, dueMs), about: 'log', subject: 'default' })],
        });
        expect(svg).not.toMatch(/NaN|Infinity|undefined|width="-/);
      }),
    );
  });
});
