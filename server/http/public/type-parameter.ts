import type { Behaviour } from '../../versions/behaviours.ts';
import type { EventType } from '../../formats/log-entry-data.ts';
import { BodilessError, FrameworkError } from '../answers/error-bodies.ts';

const constants = ['EVENT', 'SNAPSHOT'] as const satisfies readonly EventType[];
const spellingsOfManual: Readonly<Record<string, EventType>> = { Event: 'EVENT', Snapshot: 'SNAPSHOT' };

/** How a client may write `type`, for the page that describes the API. */
export function spellingsOf({ typeSpelling }: Behaviour): string[] {
  return typeSpelling === 'constants-and-manual' ? [...constants, ...Object.keys(spellingsOfManual)] : [...constants];
}

/**
 * The type that a client asks for. What is none is refused as the release does it (docs/backup-endpoints.md, section
 * 1.5); `endpoint` since one of them trips over a spelling that the other one takes.
 */
export function parseType(text: string, endpoint: 'filenames' | 'eventstore', behaviour: Behaviour): EventType {
  const type = typeOf(text, behaviour);
  if (type === null) throw refusal(text, behaviour);
  const isTrippedOver = endpoint === 'eventstore' && behaviour.refusesLowerCaseOnEventStore && type !== text;
  if (isTrippedOver) throw viewNotFound(noConstant(text));
  return type;
}

/** Null where the release knows no type of that spelling. */
function typeOf(text: string, { typeSpelling }: Behaviour): EventType | null {
  const spelling = typeSpelling === 'any-case' ? text.toUpperCase() : text;
  const constant = constants.find((each) => each === spelling);
  if (constant !== undefined || typeSpelling !== 'constants-and-manual') return constant ?? null;
  return Object.hasOwn(spellingsOfManual, text) ? (spellingsOfManual[text] ?? null) : null;
}

function refusal(text: string, behaviour: Behaviour): Error {
  switch (behaviour.badTypeAnswer) {
    case '400 that says why':
      return new FrameworkError(400, `type: one of ${spellingsOf(behaviour).join(', ')} is wanted`);
    case '500 of the framework':
      return viewNotFound(noConstant(text));
    case '400 without a body':
      return new BodilessError(400, noConstant(text));
  }
}

function noConstant(text: string): string {
  return `No enum constant io.axoniq.axonserver.localstorage.EventType.${text}`;
}

/**
 * The server's own handler of bad arguments returns the message, its framework takes that for the name of a page, and
 * finds none: what it tells in the end is the message again, in an answer that was to be a page.
 */
export function viewNotFound(message: string): FrameworkError {
  return new FrameworkError(500, message, { frameworkMessage: message, isHalfPage: true });
}
