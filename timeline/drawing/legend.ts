import type { Element } from 'xast';
import { hasFailed, type TimelineModel } from '../model/timeline-model.ts';
import { widthOf } from '../words.ts';
import { failedSign, requestSigns } from './client-row.ts';
import { cutSign } from './log-row.ts';
import type { Scene } from './scene.ts';
import { box, line, sign, words } from './shapes.ts';

const LINE_PX = 20;
const SWATCH_PX = 20;

interface Entry {
  readonly text: string;
  /** A swatch of 20 by 12 pixels whose upper left corner is at the place. */
  readonly draw: (x: number, y: number) => readonly Element[];
}

/** What the patterns and marks of this picture stand for, in as many lines as they need. */
export function drawLegend(
  scene: Scene,
  y: number,
): { readonly elements: readonly Element[]; readonly height: number } {
  const elements: Element[] = [];
  let x = scene.axis.fromX;
  let top = y;
  for (const { text, draw } of entriesOf(scene)) {
    const width = SWATCH_PX + 6 + widthOf(text, 11) + 18;
    if (x + width > scene.axis.toX + 18 && x > scene.axis.fromX) {
      x = scene.axis.fromX;
      top += LINE_PX;
    }
    elements.push(...draw(x, top), words(text, x + SWATCH_PX + 6, top + 10, { class: 'muted' }));
    x += width;
  }
  return { elements, height: top + LINE_PX - y };
}

function entriesOf(scene: Scene): Entry[] {
  const { model, patternFor } = scene;
  const swatch = (look: { class: string; fill?: string }) => (x: number, y: number) => [
    box({ x: x + 0.5, y: y + 0.5, width: SWATCH_PX - 1, height: 11 }, look),
  ];
  const stroke = (look: string) => (x: number, y: number) => [line(x, y + 6, x + SWATCH_PX, y + 6, { class: look })];
  const mark = (d: string, look: string) => (x: number, y: number) => [sign(d, x + 10, y + 6, { class: look })];
  const { requests } = model.journal;
  const asks = (about: string): boolean => requests.some((request) => request.about === about);
  const { nowMs, runs } = model.journal;
  const upright = (look: string) => (x: number, y: number) => [line(x + 10, y, x + 10, y + 12, { class: look })];
  const hasMissing = model.logs.some(({ needs }) => needs.some(({ missing }) => missing !== null));
  const entries: Array<readonly [boolean, string, Entry['draw']]> = [
    [nowMs !== undefined && nowMs >= scene.axis.fromMs && nowMs < scene.axis.toMs, 'now', upright('now')],
    [runs.length > 0, 'run of the client', swatch({ class: 'run' })],
    [true, 'closed segment', swatch({ class: 'closed' })],
    [true, 'open segment', swatch({ class: 'edged', fill: patternFor('open') })],
    [true, 'many segments', swatch({ class: 'edged', fill: patternFor('merged') })],
    [model.logWindows.length > 0, '30 minutes for the logs', swatch({ class: 'window' })],
    [model.plannedCleanings.length > 0, 'time to the next cleaning', swatch({ class: 'plan' })],
    [model.plannedCleanings.some(({ wasPostponed }) => !wasPostponed), 'cleaning is due', upright('due')],
    [isCleaned(model), 'cleaned from the log', swatch({ class: 'gone', fill: patternFor('cleaned') })],
    [isCleaned(model), 'log cleaned', (x, y) => [sign(cutSign, x + 10, y + 10, { class: 'cut' })]],
    [model.journal.samples.length > 0, 'applied index', stroke('applied')],
    [model.journal.samples.length > 0, 'commit index', stroke('commit')],
    [
      asks('control-db-backup') || model.backups.length > 0,
      'control database backup',
      mark(requestSigns['control-db-backup'], 'mark'),
    ],
    [asks('log'), 'lists a log', mark(requestSigns.log, 'mark')],
    [asks('segments'), 'lists segments', mark(requestSigns.segments, 'mark')],
    [asks('other'), 'other request', mark(requestSigns.other, 'mark')],
    [requests.some(hasFailed), 'failed', mark(failedSign, 'wrong-mark')],
    [asks('log') || asks('segments'), 'copies files', swatch({ class: 'copy' })],
    [requests.some(({ node }) => node !== model.journal.node), 'on another node', swatch({ class: 'elsewhere' })],
    [model.outages.length > 0, 'node is down', swatch({ class: 'down', fill: patternFor('down') })],
    [model.logs.some(({ needs }) => needs.length > 0), 'applied in the backup', stroke('needed')],
    [scene.axis.pieces.length > 1, 'another scale of time', upright('break')],
    [model.journal.violation !== null, 'rule broken', stroke('wrong-line')],
    [
      model.journal.losses.length > 0 || hasMissing,
      hasMissing ? 'missing, or lost after a restore' : 'lost after a restore',
      swatch({ class: 'wrong-edge', fill: patternFor('lost') }),
    ],
  ];
  return entries.flatMap(([isShown, text, draw]) => (isShown ? [{ text, draw }] : []));
}

function isCleaned({ logs }: TimelineModel): boolean {
  return logs.some(({ course }) => course.segments.some(({ cleanedMs }) => cleanedMs !== null));
}
