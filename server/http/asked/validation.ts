import { Ajv, type ValidateFunction } from 'ajv';

/**
 * One compiler for the apps of all nodes: a cluster of several nodes, or a hundred clusters one after the other, compile each
 * schema once. What a client sends is taken as it is or refused: nothing is dropped from it,
 * nothing is turned into what fits.
 */
const compiler = new Ajv({
  removeAdditional: false,
  coerceTypes: false,
  useDefaults: true,
  allErrors: false,
  // That a schema is one need not be found out at each start: what compiles it refuses what it cannot read.
  meta: false,
  validateSchema: false,
});

/** By what the schemas say: each app has objects of its own, by which the compiler would know none of them again. */
const compiled = new Map<string, Validate>();

/** Says whether something has its shape; where it has not, `errors` says why, as of Ajv's own functions. */
interface Validate extends Pick<ValidateFunction, 'errors'> {
  (data: unknown): boolean;
}

/** As fastify wants its `validatorCompiler`: a schema is compiled when something is first held against it, and not at the start. */
export function compileSchema({ schema }: { readonly schema: object }): Validate {
  const text = JSON.stringify(schema);
  const known = compiled.get(text);
  if (known !== undefined) return known;
  let made: ValidateFunction | null = null;
  const validate: Validate = (data) => {
    made ??= compiler.compile(schema);
    const isShaped = made(data);
    validate.errors = made.errors ?? null;
    return isShaped;
  };
  compiled.set(text, validate);
  return validate;
}
