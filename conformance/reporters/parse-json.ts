import { createRequire } from 'node:module';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { AxonError } from '../../server/index.ts';
import type { Report, ScenarioResult } from '../verdict/report.ts';

/** A scenario as the file has it: only folders that stay are told. */
type JsonScenario = Omit<ScenarioResult, 'artefacts'> & { readonly artefacts: string | null };
type JsonReport = Omit<Report, 'scenarios'> & { readonly scenarios: readonly JsonScenario[] };

let isReport: ((value: unknown) => value is JsonReport) | null = null;

/**
 * A JSON report, read back: `formatJson` of it gives the same text. What is none is `bad-option`, in one line that names the
 * file.
 */
export function parseJsonReport(text: string, fileName: string): Report {
  const content = contentOf(text, fileName);
  isReport ??= new Ajv2020({ formats: { 'date-time': true } }).compile<JsonReport>(
    createRequire(import.meta.url)('axon-backup-kit/report.schema.json') as object,
  );
  if (!isReport(content)) throw new AxonError('bad-option', `${fileName}: this is no JSON report of a check`);
  return {
    ...content,
    scenarios: content.scenarios.map((scenario) => ({
      ...scenario,
      artefacts: scenario.artefacts === null ? null : { folder: scenario.artefacts, isTemporary: false },
    })),
  };
}

function contentOf(text: string, fileName: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AxonError('bad-option', `${fileName}: this is no JSON, and so no JSON report of a check`);
  }
}
