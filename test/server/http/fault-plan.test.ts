import * as fc from 'fast-check';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { describeFault, FaultPlan, type Fault, type FaultedRequest } from '../../../server/simulation/faults.ts';
import { failureOf } from '../../support/failure-of.ts';
import { stillSimulator, urlOf } from '../../support/simulator.ts';

const requests = fc.record<FaultedRequest>({
  method: fc.constantFrom('GET', 'POST'),
  path: fc.constantFrom('/a', '/a/b', '/a/b/c', '/b'),
  query: fc.dictionary(fc.constantFrom('p', 'q'), fc.constantFrom('1', '2')),
  node: fc.constantFrom('node-1', 'node-2'),
});

const faults: fc.Arbitrary<Fault> = fc.record(
  {
    match: fc.record(
      {
        method: fc.constantFrom('GET', 'post'),
        path: fc.constantFrom('/a', '/a/*', '*', '*b*', '/*/c', '/a/b'),
        query: fc.dictionary(fc.constantFrom('p', 'q'), fc.constantFrom('1', '2')),
        node: fc.constantFrom('node-1', 'node-2'),
        nth: fc.integer({ min: 1, max: 3 }),
      },
      { requiredKeys: [] },
    ),
    do: fc.integer({ min: 400, max: 599 }).map((status) => ({ status })),
    times: fc.integer({ min: 0, max: 3 }),
  },
  { requiredKeys: ['match', 'do'] },
);

/** Whether the rule is about the request, said another way than the plan says it. */
function isAbout({ match }: Fault, { method, path, query, node }: FaultedRequest): boolean {
  const pattern = new RegExp(`^${(match.path ?? '*').replaceAll('/', String.raw`\/`).replaceAll('*', '.*')}$`);
  return (
    (match.method === undefined || match.method.toUpperCase() === method) &&
    (match.node === undefined || match.node === node) &&
    pattern.test(path) &&
    Object.entries(match.query ?? {}).every(([name, value]) => query[name] === value)
  );
}

describe('FaultPlan', () => {
  test('whatever comes, the first rule that is about a request and has its turn strikes it, and only that one counts it as fired', () => {
    fc.assert(
      fc.property(fc.array(faults, { maxLength: 4 }), fc.array(requests, { maxLength: 30 }), (rules, sent) => {
        const plan = new FaultPlan();
        plan.replace(rules);
        const model = rules.map((rule) => ({ rule, matched: 0, fired: 0 }));
        for (const each of sent) {
          const striking = model.find((planned) => {
            const { match, times = 1 } = planned.rule;
            if (!isAbout(planned.rule, each)) return false;
            planned.matched++;
            return planned.matched >= (match.nth ?? 1) && (times === 0 || planned.fired < times);
          });
          if (striking !== undefined) striking.fired++;
          expect(plan.strike(each)).toBe(striking?.rule.do ?? null);
        }
        expect(plan.list()).toEqual(model.map(({ rule, fired }) => ({ ...rule, fired })));
      }),
    );
  });

  test.each([
    ['/v1/backup/*', '/v1/backup/', true],
    ['/v1/backup/*', '/v1/backup', false],
    ['/v1/*/filenames', '/v1/backup/log/filenames', true],
    ['*', '', true],
    ['**', '/x', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*ab*ab*', 'xaby', false],
    ['/v1/backup/filenames', '/v1/backup/filenames2', false],
    ['/v1.backup', '/v1/backup', false],
    ['/V1/*', '/v1/x', false],
    ['(a+)+*$', '(a+)+b$', true],
  ])('the pattern %s against the path %s: %s', (path, asked, isStruck) => {
    const plan = new FaultPlan();
    plan.replace([{ match: { path }, do: { reset: true } }]);
    expect(plan.strike({ method: 'GET', path: asked, query: {}, node: '' }) !== null).toBe(isStruck);
  });

  test('a parameter that was sent twice matches neither of its values', () => {
    const plan = new FaultPlan();
    plan.replace([{ match: { query: { type: 'EVENT' } }, do: { reset: true } }]);
    expect(plan.strike({ method: 'GET', path: '/', query: { type: ['EVENT', 'EVENT'] }, node: '' })).toBeNull();
  });

  test('a plan with a delay that is no duration is refused whole, and the old one stays', () => {
    const plan = new FaultPlan();
    const old: Fault = { match: {}, do: { status: 503 }, times: 0 };
    plan.replace([old]);
    const failure = failureOf(() =>
      plan.replace([
        { match: {}, do: { reset: true } },
        { match: {}, do: { delay: 'soon' } },
      ]),
    );
    expect(failure.kind).toBe('bad-option');
    expect(plan.list()).toEqual([{ ...old, fired: 0 }]);
  });

  test('a fault is told in a few words, without the body that it sends', () => {
    expect(describeFault({ delay: '5s', status: 503 })).toBe('delay 5s, status 503');
    expect(describeFault({ reset: true })).toBe('reset');
    expect(describeFault({ body: 'a long story', truncateAt: 3 })).toBe('body, truncateAt 3');
  });
});

const badPlans: ReadonlyArray<readonly [plan: unknown, message: string]> = [
  [{}, 'body: "rules" is missing'],
  [{ rules: {} }, 'rules: must be array'],
  [{ rules: [{ do: { status: 503 } }] }, 'rules.0: "match" is missing'],
  [{ rules: [{ match: {} }] }, 'rules.0: "do" is missing'],
  [{ rules: [{ match: {}, do: {} }] }, 'rules.0.do: must NOT have fewer than 1 properties'],
  [{ rules: [{ match: {}, do: { status: 200 } }] }, 'rules.0.do.status: must be >= 400'],
  [{ rules: [{ match: {}, do: { status: '503' } }] }, 'rules.0.do.status: must be integer'],
  [{ rules: [{ match: {}, do: { reset: false } }] }, 'rules.0.do.reset: must be equal to constant'],
  [{ rules: [{ match: {}, do: { truncateAt: -1 } }] }, 'rules.0.do.truncateAt: must be >= 0'],
  [{ rules: [{ match: {}, do: { delay: 5 } }] }, 'rules.0.do.delay: must be string'],
  [{ rules: [{ match: {}, do: { delay: 'soon' } }] }, '"soon" is not a duration'],
  [{ rules: [{ match: {}, do: { crash: true } }] }, 'rules.0.do: nothing is known of "crash"'],
  [{ rules: [{ match: { url: '/' }, do: { reset: true } }] }, 'rules.0.match: nothing is known of "url"'],
  [{ rules: [{ match: { nth: 0 }, do: { reset: true } }] }, 'rules.0.match.nth: must be >= 1'],
  [{ rules: [{ match: { query: { type: 1 } }, do: { reset: true } }] }, 'rules.0.match.query.type: must be string'],
  [{ rules: [{ match: {}, do: { reset: true }, times: -1 }] }, 'rules.0.times: must be >= 0'],
  // These were taken, and a test that relied on them went without its trouble.
  [
    { rules: [{ match: { node: 'node-9' }, do: { reset: true } }] },
    'rules[0].match.node: there is no node "node-9"; there are node-1',
  ],
  [
    { rules: [{ match: { method: 'FETCH' }, do: { reset: true } }] },
    'rules[0].match.method: there is no method "FETCH"; there are GET,',
  ],
  [
    { rules: [{ match: { path: 'v1/backup/*' }, do: { reset: true } }] },
    'rules[0].match.path: "v1/backup/*" begins with no slash: write /v1/backup/*',
  ],
  [
    { rules: [{ match: { path: '/v1/backup/filenames?type=EVENT' }, do: { reset: true } }] },
    'parameters go into match.query',
  ],
  [{ rules: [{ match: { path: '/_sim/state' }, do: { reset: true } }] }, 'faults are for the public API'],
  [
    {
      rules: [
        { match: {}, do: { status: 503 } },
        { match: {}, do: { reset: true, body: 'x' } },
      ],
    },
    'rules[1].do: reset ends the connection without an answer, so that body has no effect',
  ],
  [{ rules: [{ match: {}, do: { reset: true, status: 503 } }] }, 'so that status has no effect'],
  [{ rules: [{ match: {}, do: { reset: true, truncateAt: 5 } }] }, 'so that truncateAt has no effect'],
  [{ rules: [{ match: {}, do: { cut: 'third' } }] }, 'rules.0.do.cut: must be equal to constant'],
  [{ rules: [{ match: {}, do: { cut: 'half', truncateAt: 5 } }] }, 'cut and truncateAt both say where the body ends'],
];

describe('PUT /_sim/faults', () => {
  test.each(badPlans)('%j is refused, with where it is wrong', async (plan, message) => {
    const simulator = await stillSimulator();
    simulator.control.planFaults([{ match: {}, do: { status: 503 } }]);
    const answer = await request(urlOf(simulator))
      .put('/_sim/faults')
      .send(plan as object);
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringContaining(message)]);
    expect((await request(urlOf(simulator)).get('/_sim/faults')).body.rules).toHaveLength(1);
  });

  test.each([
    { match: { method: 'post', path: '*filenames', node: 'node-1' }, do: { status: 502, body: 'oops' } },
    { match: { method: 'OPTIONS' }, do: { delay: '1ms', reset: true } },
    { match: { path: '/v1/*' }, do: { status: 500, body: '[1,2,3]', truncateAt: 2, delay: '1s' } },
  ])('%j is taken, since it says one thing', async (rule) => {
    const simulator = await stillSimulator();
    const answer = await request(urlOf(simulator))
      .put('/_sim/faults')
      .send({ rules: [rule] });
    expect(answer.body.rules).toEqual([{ ...rule, fired: 0 }]);
  });
});
