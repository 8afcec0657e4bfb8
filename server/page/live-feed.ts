import type { StreamMessages } from '../http/live/stream-messages.ts';
import { parseExactJson } from './exact-figures.ts';

/** Whoever wants to hear of the cluster. Of an end that the server makes, `lost` tells. */
export type FeedListener = {
  readonly [Name in keyof Omit<StreamMessages, 'end'>]: (message: StreamMessages[Name]) => void;
} & {
  /** The stream begins, for the first time or again: what happened in between was not told. */
  readonly opened: () => void;
  readonly lost: () => void;
};

/** How long a page waits before it tries to reach a server that has gone. */
const RETRY_MS = 1000;

/**
 * Follows `GET /_sim/events` for as long as the page lives. The browser would try again by itself after some failures
 * and give up after others; this tries again after all of them.
 */
export function followCluster(listener: FeedListener): void {
  const source = new EventSource('/_sim/events');
  source.addEventListener('open', () => listener.opened());
  listenTo(source, 'clock', listener.clock);
  listenTo(source, 'cluster', listener.cluster);
  listenTo(source, 'request', listener.request);
  listenTo(source, 'faults', listener.faults);
  source.addEventListener('error', () => {
    source.close();
    listener.lost();
    setTimeout(() => followCluster(listener), RETRY_MS);
  });
}

function listenTo<Name extends keyof StreamMessages>(
  source: EventSource,
  name: Name,
  take: (message: StreamMessages[Name]) => void,
): void {
  source.addEventListener(name, ({ data }: MessageEvent<string>) => take(parseExactJson(data) as StreamMessages[Name]));
}
