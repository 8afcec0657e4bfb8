import * as fs from 'node:fs';
import path from 'node:path';
import { AxonError } from '../../server/index.ts';
import { systemCodeOf } from '../journal/system-code.ts';

/** A file that something will be written to, by the option that names it. */
export interface OutputFile {
  readonly option: string;
  readonly file: string;
}

/**
 * Fails with `bad-option` where one of the files cannot be written, or two options mean the same one, before minutes are
 * spent on what would go there. Files that are there stay as they are, and others are not there afterwards.
 */
export function requireWritable(outputs: readonly OutputFile[]): void {
  const seen = new Map<string, string>();
  for (const { option, file } of outputs) {
    if (file === '') throw new AxonError('bad-option', `${option}: the file has no name`);
    tryToWrite(option, file);
    if (isStream(file)) continue;
    const place = placeOf(file);
    const other = seen.get(place);
    if (other !== undefined) throw new AxonError('bad-option', `${option}: ${file} is where ${other} goes, too`);
    seen.set(place, option);
  }
}

function tryToWrite(option: string, file: string): void {
  const refuse = (reason: string): never => {
    throw new AxonError('bad-option', `${option}: ${reason}`);
  };
  const folder = path.dirname(path.resolve(file));
  try {
    const there = fs.statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory() === true) return refuse(`${file} is a folder, and the name of a file is wanted`);
    if (there === undefined) {
      const link = fs.lstatSync(file, { throwIfNoEntry: false });
      if (link?.isSymbolicLink() === true) return tryToWrite(option, path.resolve(folder, fs.readlinkSync(file)));
      if (!fs.existsSync(folder)) return refuse(`there is no folder ${folder}`);
      fs.closeSync(fs.openSync(file, 'wx'));
      fs.rmSync(file);
      // To open a pipe is to wait for who reads it.
    } else if (there.isFile()) fs.closeSync(fs.openSync(file, fs.constants.O_WRONLY));
    else fs.accessSync(file, fs.constants.W_OK);
  } catch (error) {
    if (error instanceof AxonError) throw error;
    return refuse(`${file} cannot be written (${systemCodeOf(error)})`);
  }
}

/** A terminal, a pipe, `/dev/null`: takes one after the other. */
function isStream(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() === false;
}

/** The same for every name of a file that is there. */
function placeOf(file: string): string {
  const folder = path.dirname(path.resolve(file));
  return fs.existsSync(file) ? fs.realpathSync(file) : path.join(fs.realpathSync(folder), path.basename(file));
}
