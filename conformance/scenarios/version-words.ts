/** A version as a sentence has it: `documented` is no name of a release, and reads as none. */
export function versionInWords(version: string): string {
  return version === 'documented' ? 'the documented server' : version;
}

/** The same with the edition, where that is not the usual one: `the standard edition of 4.6`. */
export function serverInWords(version: string, edition: string): string {
  return edition === 'enterprise' ? versionInWords(version) : `the ${edition} edition of ${versionInWords(version)}`;
}
