import { extract } from 'tar-stream';

/** A parser of tars, those of before POSIX too (`tar --format=v7`), of which the library's own types know nothing. */
export function tarParser(): ReturnType<typeof extract> {
  return extract({ allowUnknownFormat: true } as object);
}
