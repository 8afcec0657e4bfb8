import * as fs from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { InvalidArgumentError, type Command, type Option } from 'commander';
import { AxonError, describeSystemFailure } from '../../server/index.ts';
import { late, readYamlFile, schemaFaultOf } from '../../server/shapes.ts';
import { ConfigFile } from './config-schema.ts';

/** Looked for in the working directory where no other is named. */
export const USUAL_CONFIG_FILE = 'axon-backup-kit.yaml';

/** The one list that is a single value, with commas, on the command line. */
const LIST_WITH_COMMAS = 'capabilities';
/** Which of the two is said on the command line goes before the other in a file. */
const opposites: Readonly<Record<string, string>> = { quiet: 'verbose', verbose: 'quiet' };

const VERSION = 'server-version';

const shape = late(() => new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile<ConfigFile>(ConfigFile));

/**
 * Gives a command the options of its config file, where there is one and as far as the command line does not say otherwise,
 * and returns the client: that of the command line, or else of the file. Paths in it are as on the command line, from the
 * working directory. Of another command than `check` those alone are given that `names` has. Fails with `bad-option`, in one
 * line with the file and the line in it.
 */
export function applyConfig(
  command: Command,
  client: readonly string[],
  names: ReadonlySet<string> | null = null,
): readonly string[] {
  const named = command.opts<{ readonly config?: string }>().config;
  const file = named ?? (fs.existsSync(USUAL_CONFIG_FILE) ? USUAL_CONFIG_FILE : null);
  if (file === null) return client;
  const { content, refuse } = readYamlFile(readText(file), file);
  // An empty file says nothing, which is nothing wrong.
  const config = withVersionAsText(content ?? {});
  const isConfigFile = shape();
  if (!isConfigFile(config)) {
    refuse(schemaFaultOf(isConfigFile.errors, 'this is no config file'));
    throw new Error('a schema that refuses says why');
  }
  const { $schema: _forEditors, client: own = [], ...values } = config;
  for (const [key, value] of Object.entries(values)) {
    const option = command.options.find((each) => each.name() === key);
    if (option === undefined || names?.has(key) === false || isDecided(option, command)) continue;
    const parsed = parseValue(option, value, (message) => refuse({ path: [key], message }));
    if (parsed !== undefined) command.setOptionValueWithSource(option.attributeName(), parsed, 'config');
  }
  return client.length > 0 ? client : own;
}

/** `server-version: 4.6` is a number to YAML, and means the same; 2026.0 has lost its end. */
function withVersionAsText(content: unknown): unknown {
  const version =
    typeof content === 'object' && content !== null ? (content as Record<string, unknown>)[VERSION] : null;
  if (typeof version !== 'number') return content;
  return { ...(content as object), [VERSION]: Number.isInteger(version) ? `${version}.0` : String(version) };
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new AxonError('bad-option', `--config ${file}: ${describeSystemFailure(error)}`);
  }
}

/** Whether the command line says it, or its opposite. */
function isDecided(option: Option, command: Command): boolean {
  const name = option.attributeName();
  return [name, opposites[name] ?? name].some((each) => command.getOptionValueSource(each) === 'cli');
}

/** What the command line would make of it; undefined where it says no more than its absence. */
function parseValue(option: Option, value: unknown, refuse: (message: string) => void): unknown {
  if (option.isBoolean()) return value;
  if (value === false) return undefined;
  const texts: unknown[] = Array.isArray(value) ? value : [value === true ? option.presetArg : value];
  const given = option.name() === LIST_WITH_COMMAS ? [texts.join(',')] : texts;
  try {
    return given.map(String).reduce<unknown>((before, text) => parseOne(option, text, before), option.defaultValue);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    refuse(error.message);
    return undefined;
  }
}

function parseOne(option: Option, text: string, before: unknown): unknown {
  return option.parseArg === undefined ? text : option.parseArg(text, before);
}
