/* In what the columns from 2024.2 on are not the releases that they are named after; part of the list in differences.ts. */

export const differencesSince2024 = [
  {
    subject: 'contexts with a dynamic consistency boundary (DCB), and `/v2/backup`',
    here: 'there are none, and nothing is at that path',
    real: 'from 2025.2 on the server writes such a context into a folder that it is told',
    kind: 'left out',
    source: 'docs/newer-versions.md, section 3',
  },
  {
    subject: 'log cleaning from 2024.0 on',
    here: 'rests for an hour after each POST, as in 2023.2; there is no table `RG_BACKUP_INFO`',
    real: 'the POST notes time and applied index of each group there; segments above stay for a while',
    kind: 'left out',
    source: 'docs/newer-versions.md, section 2',
  },
  {
    subject: 'nodes for analytics (2025.2), and those that learn (2026.0)',
    here: 'roles `ANALYTICS` and `LEARNER` of the cluster file: neither votes, both store events as SECONDARY does, and no list of contexts or groups shows a learner; their numbers in `RG_MEMBER.ROLE` and in the log are stand-ins',
    real: 'names in answers, numbers, and what an analytics node stores are not public',
    kind: 'unknown',
    source: 'docs/newer-versions.md, section 2',
  },
  {
    subject: '`event.storage` and `snapshot.storage`',
    here: 'events and snapshots of a context in one folder of its node, or with `snapshotStorage` of the cluster file in two; both below the folder of the node',
    real: 'any two folders, which are one unless told otherwise; the manual of 2026.0 restores to each of them',
    kind: 'stand-in',
    source: 'docs/newer-versions.md, section 4',
  },
  {
    subject: '`server.servlet.context-path`',
    here: '`--context-path`: Swagger and health lie below it, too; what misses it is a 404 with Tomcat’s page, whatever the token',
    real: 'may be set in any release; the guide to Kubernetes sets one; what is answered beside it was not recorded',
    kind: 'stand-in',
    source: 'docs/newer-versions.md, section 2',
  },
  {
    subject: 'what a node of 2026.0 says of a log that lacks entries',
    here: '`The replication log is inconsistent`, and it does not start',
    real: 'it does not start; its words are not public',
    kind: 'unknown',
    source: 'docs/newer-versions.md, section 2',
  },
] as const;
