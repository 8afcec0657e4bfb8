import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares what a caller gives with a secret, so that time tells neither where they differ nor how long the secret is. */
export function isSameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digestOf(given), digestOf(secret));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
