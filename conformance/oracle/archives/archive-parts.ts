/*
 * Archives that somebody has cut into parts. None of them can be read without the others, and what each says of itself (cut
 * short, no zip at all) is true and no help.
 */

/** As `split`, 7-Zip and WinZip name parts: `a.tar.aa`, `a.zip.001`, `a.tar.part1`, `a.z01`. */
const partName = /\.(?:a[a-z]{1,2}|\d{3}|part\d+|z\d{2,3})$/i;
const endOfZip = 0x06054b50;
const END_BYTES = 22;

/**
 * Why an archive cannot be read, with what to do where it is one part of several: for certain where the end of a zip counts
 * others, perhaps where its name has a number behind it. `reason` as it is for all else.
 */
export function reasonInParts(name: string, bytes: Buffer, reason: string): string {
  if (isLastOfZip(name, bytes)) return 'it is the last part of a zip in several: join them (zip -s 0)';
  if (!partName.test(name)) return reason;
  return `${reason}; if it is one part of several, as its name has it, join them (cat ${name.replace(partName, '.*')})`;
}

/** The end of a zip tells how many parts came before it. */
function isLastOfZip(name: string, bytes: Buffer): boolean {
  const at = bytes.length - END_BYTES;
  if (!/\.zip$/i.test(name) || at < 0) return false;
  return bytes.readUInt32LE(at) === endOfZip && bytes.readUInt16LE(at + 4) > 0;
}
