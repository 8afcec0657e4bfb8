import { decodeEventMessage, encodeEventMessage } from './event-message.ts';

/** Payload type of an event that a transformation has deleted (docs/event-segment-format.md, section 7.4). */
const DELETED_PAYLOAD_TYPE = 'empty';

/**
 * What becomes of an event that a transformation deletes: its place stays taken, with timestamp and aggregate as they
 * were, and all else is gone. Of one that is deleted already it is the same again. Throws a WireError where the bytes are
 * no `Event`.
 */
export function deletedEvent(bytes: Buffer): Buffer {
  return encodeEventMessage({
    ...decodeEventMessage(bytes),
    messageIdentifier: '',
    payload: { type: DELETED_PAYLOAD_TYPE, revision: '', data: Buffer.alloc(0) },
    metaData: [],
  });
}
