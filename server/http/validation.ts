import { Ajv, type ValidateFunction } from 'ajv';

/**
 * One compiler for the apps of all nodes: it knows a schema again, and a cluster of several nodes, or a hundred clusters
 * one after the other, compile each once. What a client sends is taken as it is or refused: nothing is dropped from it,
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

/** As fastify wants its `validatorCompiler`. */
export function compileSchema({ schema }: { readonly schema: object }): ValidateFunction {
  return compiler.compile(schema);
}
