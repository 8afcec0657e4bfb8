import type { Element, Text } from 'xast';
import type { Raw } from 'xast-util-to-xml';
import { x } from 'xastscript';
import { printable } from '../printable.ts';
import { statusTexts, type Shown } from '../status-text.ts';

/**
 * Elements of the page's body. They are written as XML, where each is closed by a tag of its own: so no element that HTML
 * does not close (`br`, `img`) is among them.
 */
type Name =
  | 'a'
  | 'article'
  | 'code'
  | 'dd'
  | 'details'
  | 'div'
  | 'dl'
  | 'dt'
  | 'figcaption'
  | 'figure'
  | 'footer'
  | 'h1'
  | 'h2'
  | 'h3'
  | 'h4'
  | 'header'
  | 'li'
  | 'main'
  | 'nav'
  | 'p'
  | 'pre'
  | 'section'
  | 'span'
  | 'strong'
  | 'summary'
  | 'table'
  | 'tbody'
  | 'td'
  | 'th'
  | 'thead'
  | 'title'
  | 'tr'
  | 'ul';

export type Content = Element | Text | Raw | string | number;

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element; whatever text comes, in it or in an attribute, shows itself and does nothing else. */
export function el(
  name: Name,
  attributes: Attributes,
  ...children: ReadonlyArray<Content | readonly Content[]>
): Element {
  const written = Object.entries(attributes).map(([key, value]) => [
    key,
    typeof value === 'string' ? legible(value) : value,
  ]);
  const content = children.flat().map((child) => (typeof child === 'string' ? legible(child) : child));
  return x(name, Object.fromEntries(written) as Record<string, string | number | undefined>, content);
}

/** One line that does nothing but show itself, of characters that a page may have. */
function legible(text: string): string {
  return printable(text).replaceAll(/\p{Noncharacter_Code_Point}/gu, '\uFFFD');
}

/** Lines as they are, for `pre`. */
export function lines(texts: readonly string[]): Text {
  return { type: 'text', value: texts.map(legible).join('\n') };
}

/** Markup that is well-formed already, such as a picture. */
export function markup(value: string): Raw {
  return { type: 'raw', value };
}

/** One line of text in which `code` is code. */
export function prose(text: string): Content[] {
  return text.split(/(`[^`]+`)/).map((part, place) => (place % 2 === 1 ? el('code', {}, part.slice(1, -1)) : part));
}

/** `✗ fail` with its colour; the word is what says it. */
export function badge(status: Shown): Element {
  const { symbol, word } = statusTexts[status];
  return el('span', { class: `badge ${status}` }, `${symbol} ${word}`);
}

/** For screen readers alone. */
export function unseen(text: string): Element {
  return el('span', { class: 'unseen' }, text);
}

/** A table with a head; a cell is a content, or several. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly TableCell[]>, className?: string): Element {
  return el(
    'table',
    className === undefined ? {} : { class: className },
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        head.map((name) => el('th', { scope: 'col' }, name)),
      ),
    ),
    el(
      'tbody',
      {},
      rows.map((row) =>
        el(
          'tr',
          {},
          row.map((cell) => el('td', {}, cell)),
        ),
      ),
    ),
  );
}

export type TableCell = Content | readonly Content[];

/** What may be wider than the window scrolls by itself, also by keyboard. */
export function scrolling(label: string, ...children: readonly Content[]): Element {
  return el('div', { class: 'scroll', role: 'region', 'aria-label': label, tabindex: 0 }, children);
}
