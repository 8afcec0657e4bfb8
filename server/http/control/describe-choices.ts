import type { SwaggerTransform } from '@fastify/swagger';

/**
 * Shows the examples of a query parameter as the choices that there are, so that a page can offer them. They are no `enum`
 * to the validator: what another value is answered with is the emulated release's affair.
 */
export const describeChoices: SwaggerTransform = ({ schema, url }) => ({ schema: withChoices(schema), url });

function withChoices<Described>(schema: Described): Described {
  const { querystring } = schema as { querystring?: { properties?: Record<string, { examples?: unknown[] }> } };
  if (querystring?.properties === undefined) return schema;
  const properties = Object.entries(querystring.properties).map(([name, { examples, ...property }]) => [
    name,
    examples === undefined ? property : { ...property, enum: examples },
  ]);
  return { ...schema, querystring: { ...querystring, properties: Object.fromEntries(properties) } };
}
