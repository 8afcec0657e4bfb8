import * as fs from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatJson } from '../../../conformance/reporters/json.ts';
import { lastingFolder } from '../../../conformance/reporters/report-facts.ts';
import type { Report } from '../../../conformance/verdict/report.ts';
import { arbitraryReport } from '../../support/arbitrary-report.ts';
import { buildReport, failedRule, scenarioResult } from '../../support/report.ts';

const schema = JSON.parse(
  fs.readFileSync(new URL('../../../conformance/schema/report.schema.json', import.meta.url), 'utf8'),
) as object;
const ajv = new Ajv2020({ allErrors: true, formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ } });
const isReport = ajv.compile(schema);

function errorsOf(report: unknown): unknown {
  return isReport(report) ? [] : isReport.errors;
}

const sample = buildReport(
  [
    scenarioResult({
      rules: [failedRule()],
      hazards: [{ id: 'log-cleaned-between-runs', reached: true }],
      loss: [{ context: 'default', type: 'EVENT', events: 12, virtualTime: 200 }],
    }),
  ],
  { expectedFailures: ['log/replaced'] },
);

describe('the JSON report', () => {
  test('has the order of the contract', () => {
    expect(formatJson(sample)).toMatchInlineSnapshot(`
      "{
        "schemaVersion": 1,
        "kit": {
          "version": "1.2.3"
        },
        "seed": 1,
        "serverVersion": "documented",
        "client": {
          "argv": [
            "./backup.sh",
            "{url}"
          ]
        },
        "capabilities": [],
        "exitCode": 1,
        "summary": {
          "pass": 0,
          "fail": 1,
          "warn": 0,
          "inconclusive": 0,
          "notApplicable": 0,
          "error": 0
        },
        "rules": [
          {
            "id": "order/control-db-first",
            "level": "must",
            "status": "fail",
            "versions": [
              {
                "version": "documented",
                "status": "fail"
              }
            ],
            "scenarios": [
              "growth/quiet"
            ]
          }
        ],
        "scenarios": [
          {
            "id": "growth/quiet",
            "serverVersion": "documented",
            "title": "nothing happens",
            "status": "fail",
            "message": null,
            "rules": [
              {
                "id": "order/control-db-first",
                "level": "must",
                "status": "fail",
                "message": "GET /v1/backup/log/filenames: none at all",
                "evidence": [
                  {
                    "run": 1,
                    "atMs": 1704069060000,
                    "subject": "GET /v1/backup/log/filenames?context=default",
                    "expected": "a control database backup earlier in this run",
                    "actual": "none at all"
                  }
                ]
              }
            ],
            "hazards": [
              {
                "id": "log-cleaned-between-runs",
                "reached": true
              }
            ],
            "runs": [
              {
                "run": 1,
                "exitCode": 0,
                "signal": null,
                "hasTimedOut": false,
                "requests": 4,
                "virtualStart": "2024-01-01T00:30:00.000Z",
                "virtualEnd": "2024-01-01T00:31:05.000Z"
              }
            ],
            "loss": [
              {
                "context": "default",
                "type": "EVENT",
                "events": 12,
                "virtualTime": 200
              }
            ],
            "repro": "axon-backup-kit check --only growth/quiet --seed 1 -- ./backup.sh",
            "artefacts": null,
            "wallClock": {
              "totalMs": 1250,
              "clientMs": 800
            }
          }
        ],
        "expectedFailures": [
          {
            "entry": "log/replaced",
            "isStale": false
          }
        ]
      }
      "
    `);
  });

  test('does not depend on the order in which the report was put together, nor on what it should not hold', () => {
    const shuffled = {
      token: 'secret',
      ...Object.fromEntries(Object.entries(sample).toReversed()),
    } as unknown as typeof sample;
    expect(formatJson(shuffled)).toBe(formatJson(sample));
  });

  test('names the folder of artefacts that was asked for, and no temporary one', () => {
    const foldersIn = (isTemporary: boolean): unknown =>
      (
        JSON.parse(
          formatJson(buildReport([scenarioResult({ artefacts: { folder: '/tmp/x1/log.replaced', isTemporary } })])),
        ) as Report
      ).scenarios.map(({ artefacts }) => artefacts);
    expect(foldersIn(false)).toEqual(['/tmp/x1/log.replaced']);
    expect(foldersIn(true)).toEqual([null]);
  });

  test('keeps the schema, whatever is in it, and reads back as it was but for temporary folders', () => {
    fc.assert(
      fc.property(arbitraryReport, (report) => {
        const text = formatJson(report);
        expect(errorsOf(JSON.parse(text))).toEqual([]);
        const scenarios = report.scenarios.map((scenario) => ({ ...scenario, artefacts: lastingFolder(scenario) }));
        expect(JSON.parse(text)).toEqual({ ...report, scenarios });
      }),
    );
  });
});

const parsed = JSON.parse(formatJson(sample)) as Record<string, unknown>;

describe('the schema', () => {
  test('wants every field', () => {
    for (const field of Object.keys(sample)) {
      const { [field]: _gone, ...rest } = parsed;
      expect(errorsOf(rest), field).not.toEqual([]);
    }
  });

  test('takes no field that it does not name, at any depth', () => {
    const spoil = (value: unknown): unknown[] => {
      if (Array.isArray(value)) return value.flatMap((each, place) => spoil(each).map((bad) => value.with(place, bad)));
      if (typeof value !== 'object' || value === null) return [];
      const inner = Object.entries(value).flatMap(([key, each]) =>
        spoil(each).map((bad) => ({ ...value, [key]: bad })),
      );
      return [{ ...value, surprise: 1 }, ...inner];
    };
    const spoilt = spoil(parsed);
    expect(spoilt.length).toBeGreaterThan(10);
    expect(spoilt.filter((each) => isReport(each))).toEqual([]);
  });

  test.each([
    ['schemaVersion', 2],
    ['exitCode', 3],
    ['seed', '1'],
  ])('refuses %s %s', (field, value) => {
    expect(errorsOf({ ...parsed, [field]: value })).not.toEqual([]);
  });
});
