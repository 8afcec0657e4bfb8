import type { Field, Values } from './control.ts';
import { element } from './element.ts';

/** What there is to choose from. */
export interface ClusterNames {
  readonly nodes: readonly string[];
  readonly groups: readonly string[];
  readonly contexts: readonly string[];
}

/** A field with its label, as the page shows it. */
export interface FieldView {
  readonly name: string;
  readonly view: HTMLElement;
  value(): string;
  /** Puts a value in, where there is one to put. */
  fill(value: string | undefined): void;
  /** Takes over what the cluster has, and keeps what was chosen where it is still there. */
  offer(names: ClusterNames): void;
}

/** `fillOthers` is called with what a choice fills in elsewhere. */
export function createField(controlId: string, field: Field, fillOthers: (values: Values) => void): FieldView {
  const id = `${controlId}-${field.name}`;
  const { input, others } = createInput(id, field);
  const hint = field.kind === 'text' ? field.hint : undefined;
  if (hint !== undefined) input.setAttribute('aria-describedby', `${id}-hint`);
  if (input instanceof HTMLSelectElement && field.kind === 'choice') {
    input.addEventListener('change', () => fillOthers(field.choices[input.selectedIndex]?.fills ?? {}));
  }
  return {
    name: field.name,
    view: element(
      'div',
      { class: field.isWide === true ? 'field wide' : 'field' },
      element('label', { for: id }, field.label),
      input,
      ...others,
      ...(hint === undefined ? [] : [element('small', { id: `${id}-hint` }, hint)]),
    ),
    value: () => input.value.trim(),
    fill: (value) => {
      if (value !== undefined) input.value = value;
    },
    offer: (names) => {
      if (field.kind === 'cluster' && input instanceof HTMLSelectElement)
        offerNames(input, names[field.of], field.orAll);
    },
  };
}

interface Input {
  readonly input: HTMLInputElement | HTMLSelectElement;
  readonly others: readonly HTMLElement[];
}

function createInput(id: string, field: Field): Input {
  const attributes = { id, name: field.name, autocomplete: 'off' };
  switch (field.kind) {
    case 'text':
      return createText(attributes, field.initial, field.suggestions ?? []);
    case 'number': {
      const { least, most, initial } = field;
      const bounds = { type: 'number', required: '', min: String(least), max: String(most), value: String(initial) };
      return { input: element('input', { ...attributes, ...bounds }), others: [] };
    }
    case 'cluster':
      return { input: element('select', attributes), others: [] };
    case 'choice': {
      const options = field.choices.map(({ value, label }) => element('option', { value }, label));
      return { input: element('select', attributes, ...options), others: [] };
    }
  }
}

function createText(
  attributes: Readonly<Record<string, string>>,
  initial: string,
  suggestions: readonly string[],
): Input {
  const text = { ...attributes, type: 'text', value: initial, spellcheck: 'false' };
  if (suggestions.length === 0) return { input: element('input', text), others: [] };
  const list = `${attributes['id']}-suggestions`;
  const options = suggestions.map((value) => element('option', { value }));
  return { input: element('input', { ...text, list }), others: [element('datalist', { id: list }, ...options)] };
}

function offerNames(select: HTMLSelectElement, names: readonly string[], orAll: string | undefined): void {
  const offered = orAll === undefined ? names : ['', ...names];
  const present = [...select.options].map(({ value }) => value);
  if (present.join('\n') === offered.join('\n')) return;
  const chosen = select.value;
  select.replaceChildren(...offered.map((value) => element('option', { value }, value === '' ? (orAll ?? '') : value)));
  if (offered.includes(chosen)) select.value = chosen;
}
