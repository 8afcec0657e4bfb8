import type { Evidence } from '../evidence.ts';

/** Hides the tokens of a scenario in a text, as they are and as they stand in an address. */
export function redactionOf({ secrets }: Pick<Evidence, 'secrets'>): (text: string) => string {
  const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]).filter((form) => form !== '');
  return (text) => forms.reduce((redacted, form) => redacted.replaceAll(form, '***'), text);
}
