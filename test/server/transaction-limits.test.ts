import { expect, test } from 'vitest';
import { stillSimulator } from '../support/simulator.ts';

const segmentSizeBytes = 1024;

test.each(['4.2', '4.5'] as const)('%s refuses a transaction that no segment can hold', async (serverVersion) => {
  const simulator = await stillSimulator({ serverVersion, segmentSizeBytes });
  const large = simulator.control.append('default', { transactions: 1, payloadBytes: 2000 });
  await expect(large).rejects.toThrow('[AXONIQ-2001] Size of transaction too large, max size = 1015');
  await simulator.control.append('default', { transactions: 1, payloadBytes: 500 });
  const many = { transactions: 1, eventsPerTransaction: 32_768, payloadBytes: 0 };
  const whole = await stillSimulator({ serverVersion, segmentSizeBytes: 2 ** 24, logSegmentSizeBytes: 2 ** 25 });
  await expect(whole.control.append('default', many)).rejects.toThrow('AXONIQ-2002');
});

test.each(['4.6', '2023.2', 'documented'] as const)('%s gives it a segment of its own size', async (serverVersion) => {
  const simulator = await stillSimulator({ serverVersion, segmentSizeBytes });
  await simulator.control.append('default', { transactions: 1, payloadBytes: 2000 });
  await simulator.control.append('default', { transactions: 1, payloadBytes: 10 });
  await simulator.clock.advance(5000);
  expect(simulator.state().nodes[0]?.contexts['default']?.EVENT.nextToken).toBe(2);
});
