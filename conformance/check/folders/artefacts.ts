import * as fs from 'node:fs';
import path from 'node:path';
import { formatExactJson } from '../../../server/index.ts';
import type { Evidence, RunRecord } from '../../journal/evidence.ts';
import type { BackupFile } from '../../journal/inventory.ts';
import { redactionOf } from '../../journal/recording/redaction.ts';
import type { ScenarioResult } from '../../verdict/report.ts';

/**
 * Where a scenario's folder lies below `--out`, with a folder for each version where there are several; ids have slashes,
 * folders of scenarios are side by side.
 */
export function scenarioFolder(outDir: string, scenario: string, version: string | null): string {
  const folder = scenario.replaceAll('/', '.');
  return version === null ? path.join(outDir, folder) : path.join(outDir, version, folder);
}

/** Leaves what a person wants to look at: journal, output of each run, the backup as judged, the verdict. */
export function writeArtefacts(folder: string, evidence: Evidence, result: ScenarioResult): void {
  // Tokens may stand in a client's output; in an artefact they never do.
  const redact = redactionOf(evidence);
  writeJson(
    path.join(folder, 'journal.json'),
    { runs: evidence.runs.map(describeRun), events: evidence.events },
    redact,
  );
  // It lies in that very folder; and where that is may be another place each time.
  const { artefacts: _artefacts, ...verdict } = result;
  writeJson(path.join(folder, 'verdict.json'), verdict, redact);
  for (const { run, result: outcome } of evidence.runs) {
    writeNew(path.join(folder, `run-${run}.stdout`), redact(outcome.stdout));
    writeNew(path.join(folder, `run-${run}.stderr`), redact(outcome.stderr));
  }
}

function describeRun(run: RunRecord): object {
  const { stdout: _stdout, stderr: _stderr, ...result } = run.result;
  return {
    ...run,
    result,
    before: undefined,
    lastGoodAlone: run.lastGoodAlone?.restoration,
    after: run.after.files.map(describeFile),
  };
}

/** But for what differs each time: the places and the real times that the reader notes beside. */
function describeFile(file: BackupFile): Omit<BackupFile, 'readBytes' | 'recency'> {
  const { path: place, name, container, sizeBytes, checksum, link, writtenInRun, what } = file;
  return { path: place, name, container, sizeBytes, checksum, link, writtenInRun, what };
}

function writeJson(file: string, value: unknown, redact: (text: string) => string): void {
  const text = formatExactJson(value, 2);
  writeNew(file, `${redact(text)}\n`);
}

/** Nothing is there before: what is, and be it a link, somebody has planted. */
function writeNew(file: string, text: string): void {
  fs.writeFileSync(file, text, { flag: 'wx' });
}
