import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Simulation } from '../simulation/simulation.ts';
import { addAccessControl } from './access/access.ts';
import { registerBackupRoutes } from './public/backup-routes.ts';
import { closeControl } from './access/closed-control.ts';
import { acceptAnyJson, refuseOtherSites } from './control/control-guard.ts';
import { registerControlRoutes } from './control/control-routes.ts';
import { describeChoices } from './control/describe-choices.ts';
import { addErrorAnswers } from './answers/error-answers.ts';
import { addFaults } from './on-the-way/fault-injection.ts';
import { replaceAnswers } from './on-the-way/planned-answers.ts';
import { addJournal } from './on-the-way/journaling.ts';
import { addLivePage } from './live/live-page.ts';
import { addObserver } from './on-the-way/observation.ts';
import { registerPublicRoutes } from './public/public-routes.ts';
import { parseParameters } from './asked/query-parameters.ts';
import { refuseTargets } from './access/refused-targets.ts';
import { normalizeUrl, withoutContextPath } from './asked/request-path.ts';
import { compileSchema } from './asked/validation.ts';

/** A request that carries more than this to the control API is a mistake. */
const MOST_BODY_BYTES = 1 << 20;

const FORM_TYPE = 'application/x-www-form-urlencoded';

/** One node as the outside sees it. Plugins and routes; it does not listen. */
export async function buildApp(simulation: Simulation, nodeName: string): Promise<FastifyInstance> {
  const { contextPath } = simulation.options;
  const app = fastify({
    bodyLimit: MOST_BODY_BYTES,
    // However long a busy machine takes to start.
    pluginTimeout: 0,
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true, querystringParser: parseParameters },
    rewriteUrl: ({ url = '/' }) => withoutContextPath(normalizeUrl(url), contextPath),
    // Longer ones are refused as the server does it, which is not how Node.js does it.
    http: { maxHeaderSize: 1 << 16 },
  });
  app.decorate('contextPath', contextPath);
  app.setValidatorCompiler(compileSchema);
  ignoreBodies(app);
  addErrorAnswers(app, simulation);
  closeControl(app, simulation, nodeName);
  refuseOtherSites(app, simulation);
  addJournal(app, simulation, nodeName);
  replaceAnswers(app, simulation);
  addObserver(app, simulation, nodeName);
  addFaults(app, simulation, nodeName);
  refuseTargets(app, simulation);
  addAccessControl(app, simulation, nodeName);
  await app.register((scope) => addPublicApi(scope, simulation, nodeName));
  await app.register((scope) => addControlApi(scope, simulation));
  await app.register((scope) => addLivePage(scope, nodeName));
  return app;
}

/**
 * The server reads no body, nor what it is said to be (docs/backup-endpoints.md, section 1.2), but for the parameters of
 * a form, among which the access token may be (section 7).
 */
function ignoreBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addContentTypeParser(FORM_TYPE, { parseAs: 'string' }, (_request, body, done) => {
    done(null, parseParameters(String(body)));
  });
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.headers['content-type']?.startsWith(FORM_TYPE) !== true) delete request.headers['content-type'];
    done();
  });
}

async function addPublicApi(scope: FastifyInstance, simulation: Simulation, nodeName: string): Promise<void> {
  const { contextPath } = scope;
  await scope.register(swagger, {
    openapi: {
      openapi: '3.0.3',
      ...(contextPath === '' ? {} : { servers: [{ url: contextPath }] }),
      info: {
        title: 'Axon Server (simulated)',
        description: 'The backup endpoints of an Axon Server, over a fake cluster. The control API is at /_sim/docs.',
        version: simulation.behaviour.reportedVersion,
      },
    },
    transform: describeChoices,
  });
  registerBackupRoutes(scope, simulation, nodeName);
  registerPublicRoutes(scope, simulation, nodeName);
  await scope.register(swaggerUi, { routePrefix: '/swagger-ui', indexPrefix: contextPath });
  scope.get('/swagger-ui.html', { schema: { hide: true } }, toPage);
  scope.get('/swagger-ui/index.html', { schema: { hide: true } }, toPage);
  scope.get('/v3/api-docs', { schema: { hide: true } }, () => scope.swagger());
}

function toPage({ server }: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.redirect(`${server.contextPath}/swagger-ui/`);
}

async function addControlApi(scope: FastifyInstance, simulation: Simulation): Promise<void> {
  await scope.register(swagger, {
    openapi: {
      openapi: '3.0.3',
      info: { title: 'Control API of the fake cluster', description: 'Durations: 90s, 31m, 2h.', version: '1' },
    },
  });
  acceptAnyJson(scope);
  registerControlRoutes(scope, simulation);
  await scope.register(swaggerUi, { routePrefix: '/_sim/docs' });
}
