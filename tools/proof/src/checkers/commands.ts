import { v5 } from 'uuid';
import { isCommand, type Wish } from '../history/wishes.js';
import { faultOf, type Faults, type Rows } from './rows.js';

/** As the contract of the API has it: uuidv5 over tenant, request line and Idempotency-Key, each with its length. */
const NAMESPACE = '6f1d3c1e-3a0b-5c57-9d0e-9f6a4b8f2c11';
export const commandIdOf = ({ tenant, cmd, key }: Pick<Wish, 'tenant' | 'cmd' | 'key'>): string => {
  const [method, path = ''] = cmd.split(' ');
  const parts = [tenant, `${method} ${path.toLowerCase()}`, key];
  return v5(parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''), NAMESPACE);
};

interface OutcomeRow {
  readonly id: string;
  readonly status: string;
  readonly version: number | null;
}
interface Witness {
  readonly id: string;
  readonly facts: number;
  readonly version: number;
}

const outcomesOf = (rows: Rows, tenants: readonly string[]): Promise<OutcomeRow[]> =>
  rows<OutcomeRow>(
    `select command_id as id, status, aggregate_version::float8 as version from risk.outcome where tenant = any($1)`,
    [tenants],
  );

/** How often each command left a fact: the witness of its effect. */
const witnessesOf = (rows: Rows, tenants: readonly string[]): Promise<Witness[]> =>
  rows<Witness>(
    `select command_id as id, count(*)::int as facts, max(aggregate_version)::float8 as version
     from risk.journal where tenant = any($1) and kind = 'fact' and command_id is not null group by command_id`,
    [tenants],
  );

/** The ids of commands that the service sent to itself. */
const ownCommandsOf = async (rows: Rows, tenants: readonly string[]): Promise<Set<string>> => {
  const found = await rows<{ id: string }>(
    `select event_id as id from risk.journal where tenant = any($1) and kind = 'command'`,
    [tenants],
  );
  return new Set(found.map(({ id }) => id));
};

const LEGAL = new Set(['done', 'refused', 'parked', 'expired']);

interface Judged {
  readonly wish: Wish;
  readonly id: string;
  readonly outcome: OutcomeRow | undefined;
  readonly witness: Witness | undefined;
}

const short = ({ wish, id, outcome, witness }: Judged) => ({
  id,
  cmd: wish.cmd,
  answered: wish.status,
  outcome: outcome?.status ?? null,
  facts: witness?.facts ?? 0,
});

const answers = (all: readonly Judged[]): Faults => {
  const wrong = (what: string, is: (one: Judged) => boolean): Faults =>
    faultOf(what, all.filter(is).map(short));
  return [
    ...wrong('a command answered 2xx has no outcome', ({ wish, outcome }) => wish.type === 'ok' && !outcome),
    ...wrong(
      'a command answered 4xx has no outcome',
      ({ wish, outcome }) => wish.type === 'fail' && !outcome,
    ),
    ...wrong('a command was answered in two ways', ({ wish }) => wish.answers.length > 1),
    ...wrong(
      'a command answered 200 was not done',
      ({ wish, outcome }) => wish.status === 200 && outcome?.status !== 'done',
    ),
    ...wrong(
      'a command answered 4xx was not refused',
      ({ wish, outcome }) => wish.type === 'fail' && outcome?.status !== 'refused',
    ),
    ...wrong(
      'a command was answered with another version than its outcome has',
      ({ wish, outcome }) => wish.status === 200 && wish.version !== outcome?.version,
    ),
  ];
};

const effects = (all: readonly Judged[]): Faults => {
  const wrong = (what: string, is: (one: Judged) => boolean): Faults =>
    faultOf(what, all.filter(is).map(short));
  return [
    ...wrong('a command took effect twice', ({ witness }) => (witness?.facts ?? 0) > 1),
    ...wrong(
      'a command is done and has no effect',
      ({ outcome, witness }) => outcome?.status === 'done' && !witness,
    ),
    ...wrong(
      'a command that is not done has an effect',
      ({ outcome, witness }) => outcome?.status !== 'done' && witness !== undefined,
    ),
    ...wrong(
      'the effect of a command has another version than its outcome',
      ({ outcome, witness }) => witness !== undefined && witness.version !== outcome?.version,
    ),
  ];
};

/**
 * Each command that was answered 2xx (202 too) or refused has exactly one outcome, and an effect exactly if it is done;
 * one that nobody heard of again has one or none; no outcome and no effect is of a command that nobody sent.
 */
export const commandFaults = async (
  rows: Rows,
  wishes: readonly Wish[],
  tenants: readonly string[],
): Promise<Faults> => {
  const outcomes = new Map((await outcomesOf(rows, tenants)).map((row) => [row.id, row]));
  const witnesses = new Map((await witnessesOf(rows, tenants)).map((row) => [row.id, row]));
  const own = await ownCommandsOf(rows, tenants);
  const all = wishes.filter(isCommand).map((wish) => {
    const id = commandIdOf(wish);
    return { wish, id, outcome: outcomes.get(id), witness: witnesses.get(id) };
  });
  const sent = new Set(all.map(({ id }) => id));
  const orphan = (id: string): boolean => !sent.has(id) && !own.has(id);
  return [
    ...answers(all),
    ...effects(all),
    ...faultOf('an outcome of no command that was sent', [...outcomes.keys()].filter(orphan)),
    ...faultOf('an effect of no command that was sent', [...witnesses.keys()].filter(orphan)),
    ...faultOf(
      'an outcome with an unknown status',
      [...outcomes.values()].filter(({ status }) => !LEGAL.has(status)),
    ),
  ];
};
