/** One way in which a request does not fit the schema of its route, as the validator tells it. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** What is wrong with a request, in the words of whoever sent it. */
export function describeMismatch(errors: readonly SchemaError[], part: string): string {
  const [error] = errors;
  if (error === undefined) return `the ${part} is not as it should be`;
  const { keyword, params, message = 'is not as it should be' } = error;
  const name = error.instancePath.slice(1).replaceAll('/', '.') || part;
  switch (keyword) {
    case 'required':
      if (part === 'querystring') return `Required String parameter '${params['missingProperty']}' is not present`;
      return `${name}: "${params['missingProperty']}" is missing`;
    case 'additionalProperties':
      return `${name}: nothing is known of "${params['additionalProperty']}"`;
    case 'enum':
      return `${name}: one of ${(params['allowedValues'] as readonly unknown[]).join(', ')} is wanted`;
    case 'type':
      if (part === 'querystring') return `${name} is given more than once`;
      return `${name}: ${message}`;
    default:
      return `${name}: ${message}`;
  }
}
