import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { functionOf, type GrantedRole } from '../../access-functions.ts';
import type { Simulation } from '../../simulation/simulation.ts';
import { acceptsEverything, namesOneOf } from '../answers/accepted-types.ts';
import { sendFrameworkError, sendText, sendUntyped } from '../answers/error-bodies.ts';
import { isControl, isLivePage, isPublicCall, pathOf } from '../asked/request-path.ts';
import { isSameSecret } from './same-secret.ts';
import { Sessions } from './sessions.ts';

const TOKEN_NAME = 'AxonIQ-Access-Token';
const CONTEXT_NAME = 'AxonIQ-Context';

/** What the server protects. All else is open: health, the log-in page, and whatever nobody knows. */
const protectedPaths = /^\/((v1|v2|internal)(\/.*)?|.*\.html)?$/;
const ROOT_CONTROL_DB_PATH = '/createControlDbBackup';

/** Who asks for these looks like somebody at a browser, and is shown the log-in page. */
const pageTypes = ['text/html', 'text/plain', 'application/xhtml+xml', 'image/*'];
/** Who asks for these looks like a program, and is told how to sign in. */
const programTypes = [
  'application/json',
  'application/xml',
  'text/xml',
  'application/atom+xml',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
];

/** Turns access control on, where the options have a token (docs/backup-endpoints.md, section 7). */
export function addAccessControl(app: FastifyInstance, simulation: Simulation, nodeName: string): void {
  if (!simulation.hasAccessControl) return;
  const chance = simulation.randomStream(`sessions/${nodeName}`);
  const sessions = new Sessions<KnownCaller>(() => chance.uuid(), app.contextPath);
  // Once the body is read: a form may hold the token.
  app.addHook('preValidation', async (request, reply) => {
    if (isLivePage(request) || isControl(request)) return;
    const roles = rolesOfCaller(request, simulation, nodeName);
    if (roles === 'unknown token') return sendUntyped(reply.code(403), 'Invalid token\r\n');
    if (roles === 'unknown user') return refuseUser(request, reply, simulation);
    const { cookie } = request.headers;
    const caller = roles === 'nobody' ? sessions.callerOf(cookie, simulation.nowMs) : roles;
    if (roles !== 'nobody' && sessions.callerOf(cookie, simulation.nowMs) === null) {
      reply.header('Set-Cookie', sessions.open(roles, simulation.nowMs));
    }
    if (!isProtected(request, simulation)) return;
    if (caller === null) return askForCredentials(request, reply, simulation);
    const needed = caller === 'all' ? null : missingRole(request, caller, simulation);
    if (needed !== null) return sendForbidden(request, reply, simulation, needed);
  });
  app.get('/login', { schema: { hide: true } }, (_request, reply) =>
    sendText(reply, '<!DOCTYPE html>\n<html><head><title>Login</title></head></html>\n', 'text/html;charset=UTF-8'),
  );
}

type KnownCaller = readonly GrantedRole[] | 'all';
type Caller = KnownCaller | 'nobody' | 'unknown token' | 'unknown user';

/** The pages that describe the API are ours, and open. */
function isProtected(request: FastifyRequest, { behaviour }: Simulation): boolean {
  const path = pathOf(request);
  if (path === ROOT_CONTROL_DB_PATH) return !behaviour.isRootControlDbPathOpen;
  return isPublicCall(request) && protectedPaths.test(path);
}

/** Who calls: a token is looked at first, and then a user by HTTP Basic, as from 4.2 on. */
function rolesOfCaller(request: FastifyRequest, simulation: Simulation, nodeName: string): Caller {
  const { options } = simulation;
  const given = givenToken(request);
  if (given !== null) return rolesOf(given, options, simulation.systemTokenOf(nodeName)) ?? 'unknown token';
  const { authorization = '' } = request.headers;
  const [scheme = '', encoded = ''] = authorization.split(' ');
  if (scheme.toLowerCase() !== 'basic') return 'nobody';
  return rolesOfUser(Buffer.from(encoded, 'base64').toString('utf8'), options) ?? 'unknown user';
}

/** `given` is `name:password`. All are compared, so that time tells nothing. */
function rolesOfUser(given: string, { users }: Simulation['options']): readonly GrantedRole[] | null {
  let found: readonly GrantedRole[] | null = null;
  for (const { name, password, roles } of users) if (isSameSecret(given, `${name}:${password}`)) found = roles;
  return found;
}

/** What a token may do, or null for one that nobody knows. All are compared, so that time tells nothing. */
function rolesOf(
  given: string,
  { token, tokens }: Simulation['options'],
  systemToken: string | null,
): readonly GrantedRole[] | 'all' | null {
  let found: readonly GrantedRole[] | 'all' | null = null;
  if (systemToken !== null && isSameSecret(given, systemToken)) found = [{ context: '_admin', role: 'ADMIN' }];
  for (const { token: each, roles } of tokens) if (isSameSecret(given, each)) found = roles;
  return token !== null && isSameSecret(given, token) ? 'all' : found;
}

/** What the caller lacks for this call, in words; null where nothing is. */
function missingRole(request: FastifyRequest, roles: readonly GrantedRole[], { behaviour }: Simulation): string | null {
  const needed = functionOf(request.method, controlDbAlias(pathOf(request)), behaviour.hasDcb);
  if (needed === null) return null;
  const context = securityContextOf(request);
  // Compared by name: neither a wildcard nor a role in _admin stands for another context (section 7).
  if (roles.some((granted) => granted.context === context && needed.roles.includes(granted.role))) return null;
  return `${needed.name} in ${context} is for ${needed.roles.join(', ')}`;
}

/** The root path does the same, and must not be a way round. */
function controlDbAlias(path: string): string {
  return path === ROOT_CONTROL_DB_PATH ? '/v1/backup/createControlDbBackup' : path;
}

/**
 * The context that roles are asked for in: header, parameter, and then `context`. That is a trap for whoever lists a log:
 * `context` has the name of the group there, which need not be that of a context.
 */
function securityContextOf(request: FastifyRequest): string {
  const header = request.headers[CONTEXT_NAME.toLowerCase()];
  if (typeof header === 'string') return header;
  return parameterOf(request, CONTEXT_NAME) ?? parameterOf(request, 'context') ?? '_admin';
}

/** Of the query, or of a form. */
function parameterOf(request: FastifyRequest, name: string): string | null {
  const query = request.query as Readonly<Record<string, string | readonly string[]>>;
  // What is no form has lost its type by now, and what is in it are no parameters.
  const isForm = request.headers['content-type'] !== undefined;
  const form = isForm ? (request.body as Readonly<Record<string, unknown>> | null | undefined) : null;
  const inForm = typeof form === 'object' && form !== null && Object.hasOwn(form, name) ? form[name] : null;
  return [query[name]].flat()[0] ?? (typeof inForm === 'string' ? inForm : null);
}

/** The token that a request carries, or null; the header wins over the parameter, and of many parameters the first. */
export function givenToken(request: FastifyRequest): string | null {
  const header = request.headers[TOKEN_NAME.toLowerCase()];
  if (typeof header === 'string') return header;
  return parameterOf(request, TOKEN_NAME);
}

/** The right token, but not the role: the framework's own refusal. */
function sendForbidden(
  request: FastifyRequest,
  reply: FastifyReply,
  { nowMs, behaviour }: Simulation,
  message: string,
): FastifyReply {
  return sendFrameworkError(request, reply, {
    status: 403,
    message,
    frameworkMessage: 'Forbidden',
    nowMs,
    behaviour,
  });
}

/** No credentials: 401, or for whom looks like a browser the way to the login page. */
function askForCredentials(request: FastifyRequest, reply: FastifyReply, simulation: Simulation): FastifyReply {
  if (request.headers['x-requested-with'] === 'XMLHttpRequest') return reply.code(401).send();
  const isProgram = namesOneOf(request, programTypes) || acceptsEverything(request);
  const isBrowser = namesOneOf(request, pageTypes) || pathOf(request).endsWith('.html');
  if (isBrowser || !isProgram)
    return reply.redirect(`${request.protocol}://${request.host}${request.server.contextPath}/login`);
  return sendUnauthorized(request, reply, simulation, `Missing header: ${TOKEN_NAME}`);
}

/** A wrong user or password: 401, whoever asks. */
function refuseUser(request: FastifyRequest, reply: FastifyReply, simulation: Simulation): FastifyReply {
  return sendUnauthorized(request, reply, simulation, 'there is no such user, or the password is another one');
}

function sendUnauthorized(
  request: FastifyRequest,
  reply: FastifyReply,
  { nowMs, behaviour }: Simulation,
  message: string,
): FastifyReply {
  reply.header('WWW-Authenticate', 'Basic realm="Realm"');
  return sendFrameworkError(request, reply, {
    status: 401,
    message,
    frameworkMessage: 'Unauthorized',
    nowMs,
    behaviour,
  });
}
