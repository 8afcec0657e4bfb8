/** What takes its time to make, and not every process needs: it is made when it is first asked for. */
export function late<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}
