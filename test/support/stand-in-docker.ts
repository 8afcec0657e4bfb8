import * as fs from 'node:fs';
import path from 'node:path';

/**
 * Puts a program `docker` into a folder that plays `docker run` of one image: what it starts has the variables that were handed
 * on and no others, and every folder that is to be mounted has to be there. Ends with 125, as the real one, at anything else.
 * `inside` is the command of the image, in words of a shell, before the arguments that are given.
 */
export function writeStandInDocker(folder: string, image: string, inside = ''): void {
  const script = `#!/bin/sh
[ "$1" = run ] || exit 125
shift
handed=
while :; do
  case $1 in
    --rm | --init) shift ;;
    --network) [ "$2" = host ] || exit 125; shift 2 ;;
    --user) shift 2 ;;
    -v) [ -d "\${2%%:*}" ] && [ "\${2%%:*}" = "\${2#*:}" ] || exit 125; shift 2 ;;
    -e) handed="$handed $2"; shift 2 ;;
    *) break ;;
  esac
done
[ "$1" = '${image}' ] || exit 125
shift
set -- ${inside} "$@"
for name in $handed; do
  eval "is_set=\\\${$name+x} value=\\\${$name-}"
  [ -z "$is_set" ] || set -- "$name=$value" "$@"
done
exec env -i PATH="$PATH" "$@"
`;
  fs.writeFileSync(path.join(folder, 'docker'), script, { mode: 0o755 });
}
