/* The rows about what a node tells of itself: health, and `/v1/public/me`; part of the table in behaviours.ts. */

import { CONTRACT, endpoints, newer, RECORDED, row } from './behaviour-row.ts';

type HealthParts = 'hidden' | 'details' | 'components';

export const behavioursOfHealth = {
  healthKey: row<HealthParts>(
    'Key of the parts of `/actuator/health`',
    {
      documented: ['components', endpoints('7')],
      '4.2': ['details', endpoints('7')],
      '4.5': ['components', endpoints('7')],
    },
    { '4.2': ['hidden', RECORDED], '4.5': ['components', RECORDED] },
  ),
  healthType: row<string>('Content type of `/actuator/health`', {
    documented: ['application/vnd.spring-boot.actuator.v3+json', RECORDED],
    '4.2': ['application/vnd.spring-boot.actuator.v2+json', RECORDED],
    '4.5': ['application/vnd.spring-boot.actuator.v3+json', RECORDED],
  }),
  hasReadiness: row<boolean>('`GET /actuator/health/readiness`', {
    documented: [false, CONTRACT],
    '4.2': [false, endpoints('7'), 'unknown'],
    '2024.2': [true, newer('2'), 'manual'],
  }),
  tellsProbes: row<boolean>('`livenessState` and `readinessState` in `/actuator/health`', {
    documented: [true, RECORDED],
    '4.2': [false, RECORDED],
    '4.6': [true, RECORDED],
  }),
  namesTypeOfStorage: row<boolean>('`default-EVENT-event` rather than `default-event` in `/actuator/health`', {
    documented: [false, RECORDED],
    '4.2': [false, RECORDED],
    '2023.2': [true, RECORDED],
  }),
  tellsPlugins: row<boolean>('`pluginsEnabled` in `/v1/public/me`', {
    documented: [true, endpoints('7')],
    '4.2': [false, endpoints('7')],
    '4.5': [true, endpoints('7')],
  }),
  tellsInitialized: row<boolean>('`initialized` in `/v1/public/me`', {
    documented: [true, endpoints('7')],
    '4.2': [false, endpoints('7')],
    '4.5': [false, RECORDED],
    '2023.2': [true, RECORDED],
  }),
} as const;
