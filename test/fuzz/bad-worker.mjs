/** Plays inputs as a worker does, and goes down at one of them, as its reader might: hangs at 3, dies at 5, cannot make 7, does not get as far as 9. */
import * as fs from 'node:fs';
import path from 'node:path';

const { job, folder } = JSON.parse(process.argv[2] ?? '');

if (job.from === 9) throw new Error('I am not whole');

for (let number = job.from; number < job.to; number++) {
  fs.writeFileSync(path.join(folder, 'at'), `${number} ${Date.now()}`);
  if (number === 3) for (;;);
  if (number === 5) process.abort();
  if (number === 7) {
    process.send({ kind: 'unmade', message: 'there is no step 7' });
    break;
  }
}
process.send({ kind: 'ended', next: job.to });
process.disconnect();
