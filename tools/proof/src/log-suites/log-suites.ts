import type { Suite } from '../suite.js';
import { audit } from './audit.suite.js';
import { facts } from './facts.suite.js';
import { idempotency } from './idempotency.suite.js';
import { isolation } from './isolation.suite.js';
import { logLoss } from './log-loss.suite.js';
import { order } from './order.suite.js';
import { poison } from './poison.suite.js';
import type { Rounds } from './rounds.js';

/** The promises of the log and of single wishes; each opens what it stands on by itself. */
export const logSuites: readonly Suite<Rounds>[] = [
  facts,
  logLoss,
  poison,
  idempotency,
  order,
  audit,
  isolation,
];
