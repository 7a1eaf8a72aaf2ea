import type { DeadlineExplanation, DeadlineList, DeadlineView, Principal } from '@linli/contracts';
import { deadlineView, explanationView, type Deadline, type Deadlines } from '@linli/deadlines';
import { refuse, Refused, type Clock } from '@linli/kernel';
import type { Database, Transaction } from '@linli/store';
import { response202601, supervisionOf, type ClockName } from '../domain/response.js';
import type { Level } from '../domain/colour.js';
import { findWarning } from './find-warnings.js';

export interface Asked {
  readonly database: Database;
  readonly deadlines: Deadlines<Transaction>;
  readonly clock: Clock;
}

const unsupervised: ReadonlySet<string> = new Set<ClockName>(['visits', 'expiry']);

const viewOf = (deadline: Deadline, level: Level, now: number): DeadlineView =>
  deadlineView(deadline, now, unsupervised.has(deadline.clock) ? null : supervisionOf(response202601, level));

/** Every deadline that a warning has or had. */
export const deadlinesOfWarning = async (
  { database, deadlines, clock }: Asked,
  principal: Principal,
  id: string,
): Promise<DeadlineList> => {
  const { warning } = await findWarning(database, principal, id);
  const all = await database.readAs(principal, (tx) => deadlines.of(tx, principal.tenant, id));
  const now = clock.now().getTime();
  return { items: all.map((deadline) => viewOf(deadline, warning.level, now)) };
};

const unknown = (): Refused =>
  new Refused(refuse('DEADLINE_NOT_FOUND', 'not-found', 'There is no such deadline.'));

/** Why one is due when it is. Who may not see the area of its warning does not find it. */
export const explainDeadline = async (
  { database, deadlines, clock }: Asked,
  principal: Principal,
  id: string,
): Promise<DeadlineExplanation> => {
  const now = clock.now();
  const found = await database.readAs(principal, (tx) => deadlines.explain(tx, principal.tenant, id, now));
  if (!found) throw unknown();
  const { warning } = await findWarning(database, principal, found.deadline.aggregateId);
  // The ledger is not the reader's own to read: it holds the changes of all tenants, without an area.
  const ledger = await deadlines.ledger(database.connection('http'), id);
  return explanationView(viewOf(found.deadline, warning.level, now.getTime()), found, ledger);
};
