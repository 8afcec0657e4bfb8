import type { ClusterState, MemberState, NodeState, StoreState } from '../http/live/cluster-state.ts';
import { element } from './element.ts';
import { columnsFor, formatFigure } from './exact-figures.ts';
import { TextCells } from './text-cells.ts';
import { formatCountdown, formatInstant } from './virtual-time.ts';

const memberFigures = ['first', 'last', 'commit', 'applied'];
const storeFigures = ['next token', 'closed', 'last closed', 'open'];
const eventTypes = ['EVENT', 'SNAPSHOT'] as const;

/** A card for each node: its part in each replication group, and its stores. */
export class NodeCards {
  readonly #host: HTMLElement;
  readonly #cells = new TextCells();
  readonly #ownNode: string;
  #shape = '';

  constructor(host: HTMLElement, ownNode: string) {
    this.#host = host;
    this.#ownNode = ownNode;
  }

  show(state: ClusterState): void {
    const shape = shapeOf(state);
    if (shape !== this.#shape) this.#build(state);
    this.#shape = shape;
    for (const node of state.nodes) this.#update(node, state.now);
  }

  #build({ nodes }: ClusterState): void {
    this.#cells.forget();
    this.#host.replaceChildren(...nodes.map((node) => createCard(node, node.name === this.#ownNode)));
    this.#cells.adopt(this.#host);
  }

  #update(node: NodeState, now: string): void {
    const { name, groups, contexts, state } = node;
    const card = this.#host.querySelector(`[data-node="${CSS.escape(name)}"]`);
    card?.setAttribute('data-state', state);
    this.#cells.set(`${name} state`, state);
    for (const [group, member] of Object.entries(groups)) this.#updateMember(`${name} ${group}`, member, now);
    for (const [context, store] of Object.entries(node.dcbContexts ?? {})) {
      this.#updateStore(`${name} ${context} DCB`, store);
    }
    for (const [context, stores] of Object.entries(contexts)) {
      for (const type of eventTypes) this.#updateStore(`${name} ${context} ${type}`, stores[type]);
    }
  }

  #updateMember(key: string, member: MemberState, now: string): void {
    const { isLeader, term, nextCleaning, applyError } = member;
    const part = member.role === 'PRIMARY' ? 'follower' : member.role.toLowerCase().replaceAll('_', ' ');
    this.#cells.set(`${key} leader`, isLeader ? '★ leader' : '');
    this.#cells.set(`${key} term`, isLeader ? `term ${term}` : `${part}, term ${term}`);
    this.#setFigures(key, {
      first: member.firstIndex,
      last: member.lastIndex,
      commit: member.commitIndex,
      applied: member.appliedIndex,
    });
    this.#cells.set(`${key} cleaning`, nextCleaning === null ? 'not planned' : formatCountdown(now, nextCleaning));
    this.#cells.set(`${key} cleaning-at`, nextCleaning === null ? '' : formatInstant(nextCleaning).slice(11));
    this.#cells.set(`${key} trouble`, applyError ?? '');
  }

  #updateStore(key: string, { nextToken, closedSegments, openSegment }: StoreState): void {
    this.#setFigures(key, {
      'next token': nextToken,
      closed: closedSegments.count,
      'last closed': closedSegments.last ?? 'none',
      open: openSegment,
    });
  }

  /** Figures that are too long to stand beside one another stand one below the other. */
  #setFigures(key: string, figures: Readonly<Record<string, StoreState['nextToken'] | 'none'>>): void {
    const texts = Object.entries(figures).map(
      ([name, figure]) => [name, figure === 'none' ? figure : formatFigure(figure)] as const,
    );
    for (const [name, text] of texts) this.#cells.set(`${key} ${name}`, text);
    const columns = String(columnsFor(texts));
    const list = this.#host.querySelector(`[data-figures="${CSS.escape(key)}"]`);
    if (list?.getAttribute('data-columns') !== columns) list?.setAttribute('data-columns', columns);
  }
}

/** What the cards are built from: while it stays the same, only figures change. */
function shapeOf({ nodes }: ClusterState): string {
  return JSON.stringify(
    nodes.map(({ name, url, groups, contexts, dcbContexts = {} }) => [
      name,
      url,
      ...[groups, contexts, dcbContexts].map((each) => Object.keys(each)),
    ]),
  );
}

function createCard({ name, url, groups, contexts, dcbContexts = {} }: NodeState, isOwn: boolean): HTMLElement {
  const titleId = `node-${name}`;
  const link = isOwn || url === null ? element('span', {}, 'this page') : linkTo(url);
  return element(
    'article',
    { class: 'card', 'data-node': name, 'aria-labelledby': titleId },
    element(
      'div',
      { class: 'card-head' },
      element('h3', { id: titleId }, name),
      element('span', { class: 'badge', 'data-cell': `${name} state` }),
      link,
    ),
    ...(Object.keys(groups).length === 0
      ? [element('p', { class: 'about' }, 'It answers nothing until it starts.')]
      : []),
    ...Object.keys(groups).map((group) => createMember(`${name} ${group}`, group)),
    ...Object.keys(contexts).flatMap((context) => eventTypes.map((type) => createStore(name, context, type))),
    ...Object.keys(dcbContexts).map((context) => createStore(name, context, 'DCB')),
  );
}

function linkTo(url: string): HTMLElement {
  return element('a', { href: `${url}/` }, `port ${new URL(url).port}`);
}

function createMember(key: string, group: string): HTMLElement {
  return element(
    'div',
    { class: 'member' },
    element(
      'div',
      { class: 'member-head' },
      element('h4', {}, group, ' ', element('small', {}, 'log')),
      element('span', { class: 'leader', 'data-cell': `${key} leader` }),
      element('span', { class: 'term', 'data-cell': `${key} term` }),
    ),
    createFigures(key, memberFigures),
    element(
      'p',
      { class: 'cleaning' },
      'next cleaning ',
      element('b', { 'data-cell': `${key} cleaning` }),
      ' ',
      element('time', { 'data-cell': `${key} cleaning-at` }),
    ),
    element('p', { class: 'trouble', 'data-cell': `${key} trouble` }),
  );
}

function createStore(node: string, context: string, type: string): HTMLElement {
  return element(
    'div',
    { class: 'member' },
    element('div', { class: 'member-head' }, element('h4', {}, context, ' ', element('small', {}, nameOf(type)))),
    createFigures(`${node} ${context} ${type}`, storeFigures),
  );
}

function createFigures(key: string, names: readonly string[]): HTMLElement {
  const figures = names.map((name) =>
    element('div', {}, element('dt', {}, name), element('dd', { 'data-cell': `${key} ${name}` })),
  );
  return element('dl', { class: 'figures', 'data-figures': key }, ...figures);
}

function nameOf(type: string): string {
  if (type === 'DCB') return 'events, DCB';
  return type === 'EVENT' ? 'events' : 'snapshots';
}
