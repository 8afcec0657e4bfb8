import { createField, type FieldView, type ClusterNames } from './control-field.ts';
import type { Action, Control } from './control.ts';
import { confirmed } from './confirmation.ts';
import { formatCurlLine, type Call } from './curl-line.ts';
import { element } from './element.ts';
import { makeCall, type Outcome } from './make-call.ts';

/** More of an answer than this is told as a count: a listing can name a hundred thousand files. */
const MOST_SHOWN_CHARACTERS = 2000;

/** What a form has to know of the page around it. */
export interface Surroundings {
  readonly baseUrl: string;
  readonly hasAccessControl: () => boolean;
  /** Kept in memory alone; empty for none. */
  readonly token: () => string;
}

/** One control as a form: fields, a button and a curl line for each call, and the last answer. */
export class ControlForm {
  readonly form: HTMLFormElement;
  readonly #fields: readonly FieldView[];
  readonly #lines: readonly {
    readonly action: Action;
    readonly code: HTMLElement;
    readonly view: HTMLFieldSetElement;
  }[];
  readonly #answer = element('output', { class: 'answer' });
  readonly #surroundings: Surroundings;

  constructor(control: Control, surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#fields = control.fields.map((field) => createField(control.id, field, (values) => this.#fill(values)));
    this.#lines = control.actions.map((action) => {
      const code = element('code', {});
      return { action, code, view: createLine(action, code) };
    });
    this.form = element(
      'form',
      { id: `control-${control.id}`, 'aria-label': control.title },
      element('p', { class: 'about' }, control.about),
      element('div', { class: 'fields' }, ...this.#fields.map(({ view }) => view)),
      ...this.#lines.map(({ view }) => view),
      this.#answer,
    );
    this.form.addEventListener('input', () => this.refresh());
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit(event.submitter);
    });
  }

  /** Offers what the cluster has now. Before the first time nothing can be pressed: a call would name no node and no context. */
  offer(names: ClusterNames): void {
    for (const field of this.#fields) field.offer(names);
    this.refresh();
    for (const { view } of this.#lines) view.disabled = false;
  }

  /** Writes the curl lines anew. */
  refresh(): void {
    const { baseUrl, hasAccessControl } = this.#surroundings;
    for (const { action, code } of this.#lines) {
      code.replaceChildren(...breakable(formatCurlLine(baseUrl, this.#callOf(action), hasAccessControl())));
    }
  }

  async #submit(button: HTMLElement | null): Promise<void> {
    const line = this.#lines.find(({ action }) => action.label === button?.textContent) ?? this.#lines[0];
    if (line === undefined) return;
    const question = line.action.danger?.asks;
    if (question !== undefined && !(await confirmed(line.action.label, question))) return;
    this.#answer.replaceChildren('…');
    const outcome = await makeCall(this.#callOf(line.action), this.#surroundings.token());
    this.#answer.replaceChildren(...describeOutcome(line.action.label, outcome));
  }

  #callOf(action: Action): Call {
    return action.call((name) => this.#fields.find((field) => field.name === name)?.value() ?? '');
  }

  #fill(values: Readonly<Record<string, string>>): void {
    for (const field of this.#fields) field.fill(values[field.name]);
  }
}

function createLine({ label, danger }: Action, code: HTMLElement): HTMLFieldSetElement {
  const copy = element(
    'button',
    { type: 'button', class: 'quiet', 'aria-label': `Copy the curl line of ${label}` },
    'Copy',
  );
  copy.addEventListener('click', () => void copyText(code, copy));
  return element(
    'fieldset',
    { class: 'line', disabled: '' },
    element(
      'div',
      { class: 'heading' },
      element('button', danger === undefined ? { type: 'submit' } : { type: 'submit', class: 'danger' }, label),
      copy,
    ),
    code,
  );
}

/** May be broken behind slashes and commas, and reads and copies as the one line that it is. */
function breakable(line: string): (string | Node)[] {
  return line.split(/(?<=[/,&?])(?![/,&?])/).flatMap((part, place) => (place === 0 ? [part] : [element('wbr'), part]));
}

/** A page that did not come over a safe connection may not copy: the line is then selected, for the user to do it. */
async function copyText(code: HTMLElement, button: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(code.textContent ?? '');
    button.textContent = 'Copied';
  } catch {
    getSelection()?.selectAllChildren(code);
    button.textContent = 'Selected';
  }
  setTimeout(() => (button.textContent = 'Copy'), 1500);
}

function describeOutcome(label: string, outcome: Outcome): HTMLElement[] {
  if (outcome.kind === 'broken-off') {
    return [element('p', { class: 'bad' }, `${label}: no answer, the connection broke off (${outcome.message})`)];
  }
  const { status, text, tookMs } = outcome;
  const isGood = status < 400;
  const verdict = `${label}: ${isGood ? 'done' : 'refused'}, ${status} in ${Math.round(tookMs)} ms`;
  const answer = element('pre', { tabindex: '0', 'aria-label': `Answer to ${label}` }, abridge(readable(text)));
  return [element('p', { class: isGood ? 'good' : 'bad' }, verdict), answer];
}

/** Of a failure its message alone; other JSON on several lines; everything else as it is. */
function readable(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && 'message' in value) return String(value.message);
    return JSON.stringify(value, null, 1);
  } catch {
    return text;
  }
}

function abridge(text: string): string {
  if (text.length <= MOST_SHOWN_CHARACTERS) return text;
  return `${text.slice(0, MOST_SHOWN_CHARACTERS)}\n… and ${text.length - MOST_SHOWN_CHARACTERS} characters more`;
}
