import { ChildProcess } from 'node:child_process';
import net from 'node:net';

/* Before each file of the quick tests: what starts a process or a server there has been overlooked, and takes its time. */

function refuse(): never {
  throw new Error('a quick test starts a process or a server: name what it does that with in test/quick-tests.ts');
}

Object.assign(ChildProcess.prototype, { spawn: refuse });
net.Server.prototype.listen = refuse;
