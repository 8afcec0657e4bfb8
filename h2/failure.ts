/**
 * Why a database could not be read. `empty`: H2 would open the file without a word, as a database
 * with nothing in it. `truncated`: what the header promises lies behind the end of the file.
 */
export type H2FailureKind =
  | 'empty'
  | 'not-h2'
  | 'encrypted'
  | 'unsupported-format'
  | 'truncated'
  | 'damaged'
  | 'unsupported-value'
  | 'too-large';

/** The one error that bad bytes lead to; `offset` is the byte of the file at which it was seen. */
export class H2Failure extends Error {
  readonly kind: H2FailureKind;
  readonly offset: number;

  constructor(kind: H2FailureKind, offset: number, message: string) {
    super(`${message} (at byte ${offset})`);
    this.name = 'H2Failure';
    this.kind = kind;
    this.offset = offset;
  }
}
