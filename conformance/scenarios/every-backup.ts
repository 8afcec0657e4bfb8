/** Rules that any backup puts to the proof, whatever else a scenario is about. */
export const everyBackup: readonly string[] = [
  'control-db/requested',
  'control-db/returned-file',
  'control-db/not-live-file',
  'order/control-db-first',
  'order/log-within-30-minutes',
  'log/all-groups',
  'log/replaced',
  'coverage/contexts',
  'copy/source-untouched',
  'outcome/exit-status-true',
  'outcome/restorable',
  'outcome/no-loss',
];
