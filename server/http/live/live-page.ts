import { readFileSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { packageFolder } from '../../../folders/package-folder.ts';

/** Page, styles and pictures lie where they were written, the compiled modules in dist/. */
const pageFolders = ['server/page', 'dist/server/page'].map((name) => path.join(packageFolder, name));

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
  const page = readFileSync(path.join(packageFolder, 'server/page/index.html'), 'utf8')
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
    allowedPath: (asked) => /\.(?:js|css|svg)$/.test(asked),
    setHeaders: (reply) => reply.setHeader('x-content-type-options', 'nosniff'),
  });
}

/** Of the characters that mean something in markup a node's name may have these; `<` and `"` it may not. */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;');
}
