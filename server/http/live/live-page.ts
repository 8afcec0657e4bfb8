import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** The project, or the package: what is compiled lies one folder further down. */
const projectFolder = new URL(import.meta.url.endsWith('.ts') ? '../../../' : '../../../../', import.meta.url);

/** Page, styles and pictures lie where they were written, the compiled modules in dist/. */
const pageFolders = ['server/page', 'dist/server/page'].map((name) => fileURLToPath(new URL(name, projectFolder)));

/** Nothing from elsewhere, nothing inline: what a page of another site smuggles in finds no way to run or to report. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

/** The live page at `/`, the same on every node but for the node's name; its parts under `/_sim/page/`. */
export async function addLivePage(scope: FastifyInstance, nodeName: string): Promise<void> {
  const page = readFileSync(new URL('server/page/index.html', projectFolder), 'utf8')
    .replaceAll('{{node}}', escapeHtml(nodeName))
    .replaceAll('{{node-path}}', encodeURIComponent(nodeName));
  scope.get('/', { schema: { hide: true } }, (_request, reply) => {
    reply.header('content-security-policy', contentSecurityPolicy);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('cache-control', 'no-cache');
    return reply.type('text/html; charset=utf-8').send(page);
  });
  await scope.register(fastifyStatic, {
    root: pageFolders,
    prefix: '/_sim/page/',
    index: false,
    decorateReply: false,
    allowedPath: (path) => /\.(?:js|css|svg)$/.test(path),
    setHeaders: (reply) => reply.setHeader('x-content-type-options', 'nosniff'),
  });
}

/** Of the characters that mean something in markup a node's name may have these; `<` and `"` it may not. */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;');
}
