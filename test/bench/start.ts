import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { performance } from 'node:perf_hooks';
import type { BenchPlace } from './bench.ts';
import { createFigure, type Figure } from './figure.ts';
import { inTurn } from './measure.ts';

const MOST_MS = 250;
const MOST_RATIO = 2;
const cli = 'dist/cli.js';

/** Loaded before a program: when it ends, it tells on stderr what of the processor it has used. */
const tellUsage = `data:text/javascript,process.on('exit', () => process.stderr.write(JSON.stringify(process.cpuUsage())))`;

/** A web server with the plugins of a node, and no cluster behind it. */
const bareServer = `
  import fastify from 'fastify';
  import fastifyStatic from '@fastify/static';
  import swagger from '@fastify/swagger';
  import swaggerUi from '@fastify/swagger-ui';
  const app = fastify();
  await app.register(swagger, { openapi: {} });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  await app.register(fastifyStatic, { root: process.cwd(), prefix: '/page/' });
  console.log(await app.listen({ port: 0 }));`;

/** What commands cost before they do anything, beside Node itself; how long serve takes to its first answer, beside Fastify. */
export async function measureStart({ runs }: BenchPlace): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const words of [['--version'], ['--help'], ['list'], ['explain', 'log/all-groups']]) {
    const [commandMs, nodeMs] = await inTurn([() => processorMs([cli, ...words]), () => processorMs(['-e', '0'])], {
      runs,
    });
    figures.push(
      createFigure({
        what: `\`${words[0]}\`, of processor`,
        unit: 'ms',
        measured: { name: words.join(' '), values: commandMs },
        baseline: { name: '`node -e 0`', values: nodeMs },
        promised: { of: 'value', bound: 'at most', limit: MOST_MS },
      }),
    );
  }
  const serve = [cli, 'serve', '--nodes', '1', '--port', '0', '--speed', '0', '--json'];
  const [serveMs, bareMs] = await inTurn(
    [() => untilFirstLine(serve), () => untilFirstLine(['--input-type=module', '-e', bareServer])],
    { runs },
  );
  const served = createFigure({
    what: '`serve` until it answers',
    unit: 'ms',
    measured: { name: 'serve', values: serveMs },
    baseline: { name: 'bare Fastify', values: bareMs },
    promised: { of: 'ratio', bound: 'at most', limit: MOST_RATIO },
  });
  return [...figures, served];
}

/** Milliseconds of processor, of user and system, that a program has used when it ends. */
async function processorMs(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, ['--import', tellUsage, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said = await text(child.stderr);
  const { user, system } = JSON.parse(said.slice(said.lastIndexOf('{'))) as NodeJS.CpuUsage;
  return (user + system) / 1000;
}

/** Real milliseconds until a program says its first line; then it is ended. */
async function untilFirstLine(args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  const takenMs = performance.now() - startMs;
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await ended;
  return takenMs;
}
