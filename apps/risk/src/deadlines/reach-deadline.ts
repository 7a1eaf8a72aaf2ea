import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import { DeadlineReached, WarningClock, type Command } from '@linli/contracts';
import { refuse } from '@linli/kernel';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { turn } from '../domain/clocks.js';
import { expiryAgain, ordersAt, type Reached } from '../domain/time-out.js';
import { reminded } from '../published.js';
import { deadlineIdOf } from '../store/identity.js';
import type { WarningRecord } from '../store/warning.row.js';
import { warnings } from '../store/warnings.js';
import { changeWarning } from '../use-cases/change-warning.js';
import { clocksIn, turnClocks } from '../use-cases/keep-clocks.js';
import { policyIn } from '../use-cases/policies.js';
import { see } from '../use-cases/see.js';
import { remindOfSilence, SILENCE_CLOCK } from '../use-cases/silence-reminder.js';
import { warningView } from '../use-cases/warning.view.js';

const SYSTEM = { kind: 'system' } as const;

/** A firing of a running clock of a warning. */
interface Rung {
  readonly record: WarningRecord;
  readonly firing: DeadlineReached;
  readonly reached: Reached;
  /** By the clock that fired, which may be ahead of that of this process. */
  readonly now: Date;
}

const over: Answer = {
  refusal: refuse('WRN_CLOCK_OVER', 'conflict', 'The clock was stopped or moved before this was heard.'),
};

/** Null: it counts no more. By the ledger as the chunk found it, and by what the commands before this one did since. */
const rungOf = async (
  { tenant, aggregateId, data }: Command,
  { tx, now }: Handling,
): Promise<Rung | null> => {
  const firing = DeadlineReached.parse(data);
  const clock = WarningClock.parse(firing.clock);
  const record = await warnings.find(tx, tenant, aggregateId);
  const stand = record?.clocks[clock];
  const due = clocksIn(tx).counts(firing)?.due ?? null;
  const runs = stand?.state === 'runs' && deadlineIdOf(aggregateId, clock, stand.run) === firing.deadlineId;
  if (!record || !runs || due === null) return null;
  const notice = firing.level as Reached['notice'];
  const at = Math.max(now.getTime(), Date.parse(firing.reachedAt));
  return { record, firing, reached: { clock, due, notice }, now: new Date(at) };
};

const answered = ({ warning, ...record }: WarningRecord): Answer => ({
  resource: warningView({ warning, ...record }),
  version: warning.version,
});

const remind = ({ record, firing, reached }: Rung, { tenant }: Command, handling: Handling): Answer => {
  const due = new Date(reached.due).toISOString();
  handling.tell(reminded(tenant, record.warning, { ...firing, due }));
  return answered(record);
};

/** The clock of expiry goes on or stops; null: the warning is to expire. */
const goOn = async ({ record, now }: Rung, command: Command, handling: Handling): Promise<Answer | null> => {
  const { warning, clocks } = record;
  const { tx, appendedAt: at } = handling;
  const { newestSignalAt } = await see(handling, command.tenant, warning, SYSTEM, { type: 'expire' });
  const change = expiryAgain(warning, newestSignalAt, policyIn(tx, command.tenant), now.getTime());
  if (change === null) return null;
  const turned = turn(clocks, [change]);
  const because = 'stop' in change ? 'does not expire any more' : 'a signal came since';
  turnClocks(tx, warning, turned.steps, { command, at, actor: SYSTEM, because });
  await warnings.save(tx, command.tenant, { warning, clocks: turned.clocks }, warning.version);
  return answered(record);
};

/** What time brings: the owner of a silence is reminded; of a warning people are reminded, a missed clock escalates it, an old one expires. Each rung once. */
@Controller()
export class ReachDeadline {
  @CommandHandler('risk.reach-deadline')
  async handle(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    const fired = DeadlineReached.parse(command.data);
    if (fired.clock === SILENCE_CLOCK) return remindOfSilence(fired, command, handling);
    const rung = await rungOf(command, handling);
    if (!rung) return over;
    const { record, firing, reached, now } = rung;
    clocksIn(handling.tx).hear(firing);
    const commands = ordersAt(record.warning, reached);
    if (commands.length === 0) return remind(rung, command, handling);
    const gone = reached.clock === 'expiry' ? await goOn(rung, command, handling) : null;
    return gone ?? changeWarning(command, handling, { actor: SYSTEM, commands, sealedNote: null, now });
  }
}
