import { contexts } from './contexts.ts';
import { controlDb } from './control-db.ts';
import type { Row } from './expectation.ts';
import { listings } from './listings.ts';
import { logListings } from './log-listings.ts';
import { methodsAndPaths } from './methods-and-paths.ts';
import { numbers } from './numbers.ts';
import { discovery } from './public.ts';
import { segmentVersions } from './segment-versions.ts';
import { types } from './types.ts';

export { access, tokens } from './access.ts';

/**
 * What each version answers, written from the pages of docs/ alone and never from the server that is tested with it. The rows
 * of `access` are for a cluster with access control, these for one without.
 */
export const expectations: readonly Row[] = [
  ...listings,
  ...contexts,
  ...types,
  ...numbers,
  ...segmentVersions,
  ...logListings,
  ...controlDb,
  ...methodsAndPaths,
  ...discovery,
];
