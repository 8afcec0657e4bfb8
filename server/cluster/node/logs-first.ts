import type { DataDir } from '../../stores/data-dir.ts';

/**
 * The data folder as event stores see it: before any of their segments is written, `flushLogs` writes what the logs
 * still hold in memory. Without that a process that is killed could leave events on one node that no log knows of, and
 * the next leader would give their tokens to others: the nodes would never agree again.
 */
export function logsFirst(dataDir: DataDir, flushLogs: () => void): DataDir {
  const writeAt: DataDir['writeAt'] = (fd, bytes, position) => {
    flushLogs();
    dataDir.writeAt(fd, bytes, position);
  };
  return new Proxy(dataDir, {
    get(target, name) {
      if (name === 'writeAt') return writeAt;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
