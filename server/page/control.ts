import type { Call } from './curl-line.ts';

/** A place to type or choose a value of a call. */
export type Field = { readonly name: string; readonly label: string; readonly isWide?: boolean } & (
  | {
      readonly kind: 'text';
      readonly initial: string;
      readonly suggestions?: readonly string[];
      readonly hint?: string;
    }
  | { readonly kind: 'number'; readonly initial: number; readonly least: number; readonly most: number }
  /** One of what the cluster has, or, where `orAll` says how that is called, all of it: an empty value. */
  | { readonly kind: 'cluster'; readonly of: 'nodes' | 'groups' | 'contexts'; readonly orAll?: string }
  | { readonly kind: 'choice'; readonly choices: readonly Choice[] }
);

export interface Choice {
  readonly value: string;
  readonly label: string;
  /** What else the choice fills in, by the names of the fields. */
  readonly fills?: Values;
}

/** What stands in the fields of a control, by their names. */
export type Values = Readonly<Record<string, string>>;

/** A button, and the call that it makes. */
export interface Action {
  readonly label: string;
  /** Present where it destroys something: then it looks like that. */
  readonly danger?: {
    /** Where there is no way back: what is asked before it is done. */
    readonly asks?: string;
  };
  readonly call: (value: (name: string) => string) => Call;
}

/** Fields and the buttons that go with them. */
export interface Control {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly fields: readonly Field[];
  readonly actions: readonly Action[];
}
