import { describe, expect, test } from 'vitest';
import { sideBySide } from '../../../conformance/check/side-by-side.ts';

describe('work side by side', () => {
  test('is begun in order, and no more of it at a time than there are jobs', async () => {
    const begun: number[] = [];
    let underWay = 0;
    let most = 0;
    await sideBySide([1, 2, 3, 4, 5], 2, async (item) => {
      begun.push(item);
      most = Math.max(most, ++underWay);
      await Promise.resolve();
      underWay--;
    });
    expect([begun, most]).toEqual([[1, 2, 3, 4, 5], 2]);
  });

  // A client that is not there failed one scenario; its folder was removed while others went on, and nothing ever ended.
  test('that fails begins nothing more, and fails once what was under way has ended', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const whole = sideBySide([1, 2, 3, 4], 2, async (item) => {
      begun.push(item);
      if (item === 2) throw new Error('the second fails');
      await held;
      ended.push(item);
    });
    letGo();
    await expect(whole).rejects.toThrow('the second fails');
    expect([begun, ended]).toEqual([[1, 2], [1]]);
  });
});
