import type { SourcedVersion } from '../../../../server/versions/behaviour-row.ts';
import { everywhere, jsonTypes, type Answer, type FrameworkErrorBody } from './expectation.ts';

/* Source of the shapes: endpoints 1.6; of the content types: endpoints 1.3. */

const membersOfBoot25 = ['timestamp', 'status', 'error', 'path', 'asVersion', 'product'];

const shapes: Readonly<Record<SourcedVersion, Pick<FrameworkErrorBody, 'members' | 'asVersion'>>> = {
  documented: { members: null },
  '4.2': { members: ['timestamp', 'status', 'error', 'message', 'path'] },
  '4.5': { members: membersOfBoot25, asVersion: /^4\.5\.16/ },
  '4.6': { members: membersOfBoot25, asVersion: /^4\.6/ },
  '2023.2': { members: membersOfBoot25, asVersion: /^2023\.2/ },
};

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
};

/** The error body of the framework as JSON; `message` is what those versions say that say anything. */
export function frameworkError(
  version: SourcedVersion,
  status: number,
  path: string,
  message?: string | RegExp,
): Answer & { readonly body: { readonly error: FrameworkErrorBody } } {
  const error = { status, error: reasons[status] ?? '', path, ...shapes[version] };
  return {
    status,
    contentType: jsonTypes[version],
    headers: { 'axoniq-errorcode': null },
    body: { error: message === undefined ? error : { ...error, message } },
  };
}

export function frameworkErrors(status: number, path: string): Record<SourcedVersion, Answer> {
  return everywhere((version) => frameworkError(version, status, path));
}

/** A version without /eventstore answers as for any other path that it does not know. */
export const withoutEventStore = {
  '4.2': frameworkError('4.2', 404, '/v1/backup/eventstore'),
  '4.5': frameworkError('4.5', 404, '/v1/backup/eventstore'),
} as const;
