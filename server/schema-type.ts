import type { Type as TypeBox } from 'typebox';

/** Schemas whose property may be left out of an object. */
const optional = new WeakSet<object>();

/** Loosely typed: each is given and gives what TypeBox says below. */
const constructors = {
  String: (options: object = {}) => ({ type: 'string', ...options }),
  Number: (options: object = {}) => ({ type: 'number', ...options }),
  Integer: (options: object = {}) => ({ type: 'integer', ...options }),
  Boolean: (options: object = {}) => ({ type: 'boolean', ...options }),
  Literal: (value: unknown, options: object = {}) => ({ type: typeof value, const: value, ...options }),
  Enum: (values: readonly unknown[], options: object = {}) => ({ enum: values, ...options }),
  Array: (items: object, options: object = {}) => ({ type: 'array', items, ...options }),
  Union: (anyOf: readonly object[], options: object = {}) => ({ anyOf, ...options }),
  Record: (_key: object, value: object, options: object = {}) => ({
    type: 'object',
    patternProperties: { '^.*$': value },
    ...options,
  }),
  Object: (properties: Readonly<Record<string, object>>, options: object = {}) => {
    const required = Object.keys(properties).filter((name) => !optional.has(properties[name] ?? {}));
    return { type: 'object', ...(required.length > 0 && { required }), properties, ...options };
  },
  Optional: (schema: object) => {
    const copy = { ...schema };
    optional.add(copy);
    return copy;
  },
  Unsafe: (schema: object) => ({ ...schema }),
};

/**
 * TypeBox, as much of it as is used here, with its types. Each of these does nothing but put an object together, and to load
 * the library for that, its 370 modules, took a fifth of a second at each start. A test holds the two together.
 */
export const Type = constructors as unknown as Pick<typeof TypeBox, keyof typeof constructors>;

export type { Static, TSchema } from 'typebox';
