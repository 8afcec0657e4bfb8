import { isIPv6 } from 'node:net';

const proxies = /^(?:https?|all)_proxy$/i;

/**
 * Variables by which a client goes straight to the clusters of a check, where the environment sends all others through a
 * proxy, which does not reach this machine's loopback. Empty where there is no proxy.
 */
export function pastProxies(
  environment: Readonly<Record<string, string | undefined>>,
  urls: readonly string[],
): Readonly<Record<string, string>> {
  const isProxied = Object.entries(environment).some(([name, value]) => proxies.test(name) && (value ?? '') !== '');
  if (!isProxied) return {};
  const before = environment['no_proxy'] ?? environment['NO_PROXY'] ?? '';
  const hosts = urls
    .map((url) => new URL(url).hostname.replaceAll(/[[\]]/g, ''))
    .map((host) => (isIPv6(host) ? `[${host}]` : host));
  const all = [...new Set([...before.split(',').filter((host) => host.trim() !== ''), ...hosts])].join(',');
  return { no_proxy: all, NO_PROXY: all };
}
