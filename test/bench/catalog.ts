import type { Bench } from './bench.ts';

/** In the order of the page. What measures is loaded when it does: the page is made without a cluster. */
export const benches: readonly Bench[] = [
  {
    name: 'start',
    title: 'Start',
    about: `What commands take of the processor before they do anything, beside \`node -e 0\`; and how long \`serve\` takes from its start
until a node answers, beside a bare Fastify with the same plugins until it listens.`,
    runs: 9,
    load: async () => (await import('./start.ts')).measureStart,
  },
  {
    name: 'listings',
    title: 'Listings',
    about: `What is new is listed by a node with 100,000 closed segments beside one with 1,000: the age of a store costs nothing. A full
listing stands beside a route of a bare Fastify that answers with the same names, ready in an array.`,
    runs: 7,
    load: async () => (await import('./listings.ts')).measureListings,
  },
  {
    name: 'day',
    title: 'Virtual time',
    about: `24 virtual hours of three nodes at ten transactions a second with 200 bytes of payload each, beside a bare loop that appends
as many bytes to as many files in blocks of 64 KiB, with a CRC-32 over each transaction.`,
    runs: 3,
    load: async () => (await import('./day.ts')).measureDay,
  },
  {
    name: 'pace',
    title: 'A cluster that is driven hard',
    about: `\`serve --rate 50 --speed 600\`: 30,000 transactions for each real second, which takes a processor of its own, and a fast one. A
browser's load of the live page meanwhile, beside that of a cluster that stands still. What a machine cannot keep up with is
not made up for: the speed that is reached is below what was asked for, and the page says so.`,
    runs: 3,
    load: async () => (await import('./pace.ts')).measurePace,
  },
  {
    name: 'scale',
    title: 'Many contexts, many nodes',
    about: `Memory of a served cluster's process after a virtual minute, and requests to it: with 1,000 contexts beside one, and with
fifty nodes beside three.`,
    runs: 3,
    load: async () => (await import('./scale.ts')).measureScale,
  },
  {
    name: 'check',
    title: 'A full check',
    about: `All scenarios with the reference client as a command, beside as many of its processes alone: the same client, as many side by
side, copying as many files each, on a cluster that stands still and is neither watched nor judged. The check is played in
six parts; after each come sixteen processes alone, from which the time of all is reckoned. Below that the time of all
scenarios, beside what of it their clients took.`,
    runs: 1,
    load: async () => (await import('./check.ts')).measureCheck,
  },
  {
    name: 'verify',
    title: 'Verifying a backup',
    about: `\`verify\` of eight segments of 64 MiB beside reading the same files with a CRC-32 over them, in one thread and in two. These
are rates: more is better.`,
    runs: 5,
    load: async () => (await import('./verify.ts')).measureVerify,
  },
  {
    name: 'proxy',
    title: 'The proxy of watch',
    about: 'What it costs a request to be looked at on its way: a listing through the proxy, and the same without it.',
    runs: 7,
    load: async () => (await import('./proxy.ts')).measureProxy,
  },
];
