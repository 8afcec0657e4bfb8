import { decodeEventMessage } from '../../../server/formats/event-message.ts';
import { WireError } from '../../../server/formats/wire.ts';

/** Beyond it no date has a text. */
const LATEST_MS = 8_640_000_000_000_000;

/** When an event happened, milliseconds since 1970; null where it does not say, or is encrypted. */
export function timeOfEvent(event: Buffer): number | null {
  try {
    const timeMs = Number(decodeEventMessage(event).timestampMs);
    return timeMs > 0 && timeMs <= LATEST_MS ? timeMs : null;
  } catch (error) {
    if (error instanceof WireError) return null;
    throw error;
  }
}
