import { scaleLinear, scaleUtc } from 'd3-scale';
import { utcFormat } from 'd3-time-format';
import { timePiecesOf, type TimePiece } from '../model/time-pieces.ts';
import type { TimeSpan } from '../model/windows.ts';
import type { TimelineJournal } from '../timeline-journal.ts';

/** Where virtual time lies on the picture, in pixels. */
export interface TimeAxis extends TimeSpan {
  readonly fromX: number;
  readonly toX: number;
  readonly pieces: readonly AxisPiece[];
  /** Times outside the picture lie on its edge. */
  readonly xOf: (atMs: number) => number;
}

export interface AxisPiece extends TimePiece {
  readonly fromX: number;
  readonly toX: number;
  readonly ticks: ReadonlyArray<{ readonly x: number; readonly label: string }>;
}

/** What a label takes, with some air. */
const TICK_PX = 70;
/** What the time of day alone takes. */
const SHORT_TICK_PX = 44;

export function timeAxisOf(journal: TimelineJournal, fromX: number, toX: number): TimeAxis {
  const pieces: AxisPiece[] = [];
  let x = fromX;
  for (const piece of timePiecesOf(journal)) {
    const endX = x + piece.share * (toX - fromX);
    pieces.push({ ...piece, fromX: x, toX: endX, ticks: ticksOf(piece, x, endX) });
    x = endX;
  }
  const scale = scaleLinear(
    [journal.fromMs, ...pieces.map((piece) => piece.toMs)],
    [fromX, ...pieces.map((piece) => piece.toX)],
  ).clamp(true);
  return { fromMs: journal.fromMs, toMs: pieces.at(-1)?.toMs ?? journal.toMs, fromX, toX, pieces, xOf: scale };
}

function ticksOf(piece: TimePiece, fromX: number, toX: number): AxisPiece['ticks'] {
  const most = Math.floor((toX - fromX) / TICK_PX);
  const ticks = most < 2 ? [] : evenTicks(piece, fromX, toX, most);
  if (ticks.length > 0 || piece.runs.length === 0) return ticks;
  // Where nothing round lies in it, or it is narrow, a run says when it begins; the rest follows from its length.
  const beginsAt = shortLabelOf(piece);
  return toX - fromX >= (beginsAt.length > 5 ? TICK_PX : SHORT_TICK_PX) ? [{ x: fromX, label: beginsAt }] : [];
}

function evenTicks({ fromMs, toMs }: TimePiece, fromX: number, toX: number, most: number): AxisPiece['ticks'] {
  const scale = scaleUtc([new Date(fromMs), new Date(toMs)], [fromX, toX]);
  const ticks = fewTicks(scale, most);
  const stepMs = Math.min(...ticks.slice(1).map((tick, place) => Number(tick) - Number(ticks[place])));
  return ticks
    .map((tick) => ({ x: scale(tick), label: labelOf(tick, stepMs) }))
    .filter(({ x }) => x - fromX >= 4 && toX - x >= TICK_PX / 3);
}

/** The library takes the number as a hint, and may give twice as many. */
function fewTicks(scale: ReturnType<typeof scaleUtc<number>>, most: number): Date[] {
  for (let wanted = most; wanted > 1; wanted--) {
    const ticks = scale.ticks(wanted);
    if (ticks.length <= most) return ticks;
  }
  return scale.ticks(1).slice(0, 1);
}

const formats = {
  day: utcFormat('%b %-d'),
  minute: utcFormat('%H:%M'),
  second: utcFormat('%H:%M:%S'),
  millisecond: utcFormat('%H:%M:%S.%L'),
};

function shortLabelOf({ fromMs, toMs }: TimePiece): string {
  const isShort = toMs - fromMs < 60_000;
  return isShort ? formats.second(new Date(fromMs)) : formats.minute(new Date(Math.ceil(fromMs / 60_000) * 60_000));
}

function labelOf(tick: Date, stepMs: number): string {
  const atMs = Number(tick);
  if (atMs % 86_400_000 === 0 && stepMs > 60_000) return formats.day(tick);
  if (atMs % 60_000 === 0 && stepMs >= 60_000) return formats.minute(tick);
  return atMs % 1000 === 0 ? formats.second(tick) : formats.millisecond(tick).replace(/00$/, '');
}
