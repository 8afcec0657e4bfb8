import type { Invocation } from './client-driver.ts';

/** Variable → placeholder, as the contract names them. */
const placeholders = {
  AXONSERVER_URL: 'url',
  AXONSERVER_NODES: 'nodes',
  AXONSERVER_CONTEXTS: 'contexts',
  AXONSERVER_DCB_CONTEXTS: 'dcbContexts',
  AXONSERVER_REPLICATION_GROUPS: 'groups',
  AXONSERVER_TOKEN: 'token',
  BACKUP_DIR: 'backup',
  BACKUP_STATE_DIR: 'state',
  BACKUP_RUN: 'run',
} as const;

/** What may stand in braces in the arguments. */
export const placeholderNames: readonly string[] = Object.values(placeholders);

export type InvocationVariables = Partial<Record<keyof typeof placeholders, string>>;

/** The environment variables of one run; none for a token where access control is off, or for DCB contexts where there are none. */
export function variablesOf(invocation: Invocation): InvocationVariables {
  return {
    AXONSERVER_URL: invocation.url,
    AXONSERVER_NODES: JSON.stringify(invocation.nodes),
    AXONSERVER_CONTEXTS: invocation.contexts.join(','),
    ...(invocation.dcbContexts === undefined ? {} : { AXONSERVER_DCB_CONTEXTS: invocation.dcbContexts.join(',') }),
    AXONSERVER_REPLICATION_GROUPS: invocation.groups.join(','),
    ...(invocation.token === null ? {} : { AXONSERVER_TOKEN: invocation.token }),
    BACKUP_DIR: invocation.backupDir,
    BACKUP_STATE_DIR: invocation.stateDir,
    BACKUP_RUN: String(invocation.run),
  };
}

/** An environment without any of these variables: what another run, or a shell, has set says nothing about this one. */
export function withoutVariables(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !(name in placeholders)));
}

/** Replaces `{url}`, `{backup}` and the others in the arguments; text that is no placeholder stays as it is. */
export function fillPlaceholders(argv: readonly string[], variables: InvocationVariables): string[] {
  const values = new Map<string, string>(
    Object.entries(placeholders).map(([variable, name]) => [
      name,
      variables[variable as keyof InvocationVariables] ?? '',
    ]),
  );
  return argv.map((argument) => argument.replaceAll(/\{(\w+)\}/g, (text, name: string) => values.get(name) ?? text));
}
