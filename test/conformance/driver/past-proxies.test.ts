import { expect, test } from 'vitest';
import { pastProxies } from '../../../conformance/driver/past-proxies.ts';

const urls = ['http://127.0.0.1:4000/axon', 'http://127.0.0.1:4001/axon', 'http://axonserver:4000'];

test('behind a proxy a client goes straight to the cluster, and past it where it went before', () => {
  const all = 'example.org,.corp,127.0.0.1,axonserver';
  const told = pastProxies({ HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'example.org,.corp' }, urls);
  expect(told).toEqual({ no_proxy: all, NO_PROXY: all });
  expect(pastProxies({ http_proxy: 'http://proxy:3128' }, urls.slice(0, 1))).toEqual({
    no_proxy: '127.0.0.1',
    NO_PROXY: '127.0.0.1',
  });
});

test('without one nothing is said', () => {
  expect(pastProxies({ http_proxy: '', NO_PROXY: 'x', PROXY: 'y' }, urls)).toEqual({});
});
