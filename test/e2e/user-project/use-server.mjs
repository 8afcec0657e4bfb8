// A cluster in this process, moved through time. Prints what it saw as JSON.
import { startSimulator } from 'axon-backup-kit/server';

const cluster = await startSimulator({ port: 0, speed: 0, rate: 0 });
try {
  const [node] = cluster.nodes;
  await cluster.control.append('default', { transactions: 500 });
  await cluster.control.roll('default');
  const startMs = cluster.clock.nowMs;
  await cluster.clock.advance(31 * 60_000);
  const listing = await (await fetch(`${node.url}/v1/backup/eventstore?type=EVENT&targetContext=default`)).json();
  const pages = ['/', '/swagger-ui.html', '/v3/api-docs'];
  const statuses = await Promise.all(pages.map(async (page) => (await fetch(`${node.url}${page}`)).status));
  const minutes = (cluster.clock.nowMs - startMs) / 60_000;
  console.log(JSON.stringify({ nodes: cluster.nodes.length, minutes, listing, statuses }));
} finally {
  await cluster.close();
}
