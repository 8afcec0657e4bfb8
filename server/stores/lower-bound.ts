/** Position of the first element that is not below `value`. */
export function lowerBound(ascending: readonly bigint[], value: bigint): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as bigint) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
