/** A version as a sentence has it: `documented` is no name of a release, and reads as none. */
export function versionInWords(version: string): string {
  return version === 'documented' ? 'the documented server' : version;
}
