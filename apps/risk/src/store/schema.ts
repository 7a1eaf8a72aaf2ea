import type { MigrationClass } from '@linli/store';
import { Risk1764000000001 } from './migrations/0001-risk.js';
import { LightPlaces1764000000002 } from './migrations/0002-light-places.js';
import { WarningLife1764000000003 } from './migrations/0003-warning-life.js';
import { TenantMap1764000000004 } from './migrations/0004-tenant-map.js';
import { Sources1764000000005 } from './migrations/0005-sources.js';
import { Silences1764000000006 } from './migrations/0006-silences.js';
import { Exercises1764000000007 } from './migrations/0007-exercises.js';
import { Incidents1764000000008 } from './migrations/0008-incidents.js';
import { WarningClocks1764000000009 } from './migrations/0009-warning-clocks.js';
import { SecondLooks1764000000010 } from './migrations/0010-second-looks.js';
import { SilenceReminders1764000000011 } from './migrations/0011-silence-reminders.js';
import { ResponsePolicies1764000000012 } from './migrations/0012-response-policies.js';

export const SCHEMA = 'risk';
export const migrations: readonly MigrationClass[] = [
  Risk1764000000001,
  LightPlaces1764000000002,
  WarningLife1764000000003,
  TenantMap1764000000004,
  Sources1764000000005,
  Silences1764000000006,
  Exercises1764000000007,
  Incidents1764000000008,
  WarningClocks1764000000009,
  SecondLooks1764000000010,
  SilenceReminders1764000000011,
  ResponsePolicies1764000000012,
];
