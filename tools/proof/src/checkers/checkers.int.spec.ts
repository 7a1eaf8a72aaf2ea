import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { busMigrations } from '@linli/bus';
import { risk } from '@linli/risk';
import { openDatabase } from '@linli/store';
import { embeddedDatabase } from '@linli/testing';
import { Pool } from 'pg';
import type { Line, LineType } from '../history/history.js';
import { wishesOf } from '../history/wishes.js';
import { commandFaults, commandIdOf } from './commands.js';
import { eventFaults } from './events.js';
import { journalFaults } from './journal.js';
import { readFaults } from './reads.js';
import { asideFaults, asideIn, untilAtRest } from './rest.js';
import type { Rows } from './rows.js';
import { statusFaults } from './statuses.js';

const TENANT = 't-1';
const WARNING = '11111111-1111-4111-8111-111111111111';
const PLACE = '22222222-2222-4222-8222-222222222222';
const SYSTEM_COMMAND = '33333333-3333-4333-8333-333333333333';
const HASH = ['h0', 'h1', 'h2', 'h3', 'h4'];

const cmdOf = (verb: string): string => `POST /v1/warnings/${WARNING}/${verb}`;
const idOf = (key: string, verb: string): string => commandIdOf({ tenant: TENANT, cmd: cmdOf(verb), key });

let attempt = 0;
/** One wish: sent, and what its client heard. */
const wish = (
  key: string,
  cmd: string,
  [began, ended]: readonly [number, number],
  heard: { type: LineType; status: number | null; version?: number; ids?: string[] },
): Line[] => {
  attempt += 1;
  const line = { p: 1, i: attempt, key, cmd, tenant: TENANT };
  const { ids, ...rest } = heard;
  return [
    { ...line, type: 'invoke', status: null, t: began, ...(ids ? { ids } : {}) },
    { ...line, ...rest, t: ended, ...(ids ? { ids } : {}) },
  ];
};

/** An honest history: two changes, a refusal, a command nobody heard of again, a batch, and a look. */
const honest = (): Line[] => [
  ...wish('batch', 'POST /v1/risk-events', [0, 1], { type: 'ok', status: 202, ids: ['e1', 'e2'] }),
  ...wish('a', cmdOf('acknowledge'), [10, 20], { type: 'ok', status: 200, version: 2 }),
  ...wish('b', cmdOf('verify'), [30, 40], { type: 'ok', status: 202 }),
  ...wish('c', cmdOf('verify'), [50, 60], { type: 'fail', status: 412 }),
  ...wish('d', cmdOf('verify'), [70, 80], { type: 'info', status: null }),
  ...wish('look', `GET /v1/warnings/${WARNING}`, [90, 95], { type: 'ok', status: 200, version: 3 }),
];

describe('the checkers', () => {
  let pool: Pool;
  let stop: () => Promise<void>;
  const rows: Rows = async <Row>(sql: string, parameters: readonly unknown[] = []) =>
    (await pool.query(sql, [...parameters])).rows as Row[];

  beforeAll(async () => {
    const server = await embeddedDatabase();
    const migrations = [...busMigrations, ...risk.migrations];
    const database = await openDatabase({ url: server.url, schema: 'risk', migrations, allowUnsafe: true });
    pool = new Pool({ connectionString: server.url });
    stop = async () => {
      await pool.end();
      await database.close();
      await server.stop();
    };
  });
  afterAll(() => stop());

  const outcome = (id: string, status: string, version: number | null) =>
    rows(
      `insert into risk.outcome (command_id, tenant, request_hash, aggregate_id, status, aggregate_version, completed_at)
       values ($1, $2, 'hash', $3, $4, $5, now())`,
      [id, TENANT, WARNING, status, version],
    );
  const fact = (seq: number, version: number, commandId: string | null) =>
    rows(
      `insert into risk.journal (topic, part, seq, epoch, kind, event_id, type, tenant, aggregate_id, aggregate_version,
         actor, command_id, correlation_id, hops, at, payload, previous_hash, hash)
       values ('facts', 0, $1, 1, 'fact', gen_random_uuid(), 'fact', $2, $3, $4, 'key', $5, 'c', 0, now(), '{}', $6, $7)`,
      [seq, TENANT, WARNING, version, commandId, HASH[seq - 1], HASH[seq]],
    );
  const event = (id: string) =>
    rows(
      `insert into risk.risk_event (tenant, source, id, place_id, generation, category, area, occurred_at, received_at,
         stored_at, credibility, severity, confirmed, vulnerable, triggers)
       values ($1, 's', $2, $3, 0, 'DSP-04', '330106003012', now(), now(), now(), 1, 1, false, false, '{}')`,
      [TENANT, id, PLACE],
    );

  beforeEach(async () => {
    await rows(`truncate risk.outcome, risk.journal, risk.stream, risk.fact_new, risk.risk_event, risk.risk_place,
      risk.risk_quarantine, risk.warning, risk.progress, risk.dead_letter, risk.parked_key, risk.parked_message`);
    await fact(1, 1, SYSTEM_COMMAND);
    await rows(
      `insert into risk.journal (topic, part, seq, epoch, kind, event_id, type, tenant, aggregate_id, aggregate_version,
         actor, correlation_id, hops, at, payload, previous_hash, hash)
       values ('commands', 0, 1, 1, 'command', $1, 'evaluate', $2, $3, 0, 'system', 'c', 0, now(), '{}', 'h0', 'h1')`,
      [SYSTEM_COMMAND, TENANT, WARNING],
    );
    await outcome(SYSTEM_COMMAND, 'done', 1);
    await outcome(idOf('a', 'acknowledge'), 'done', 2);
    await fact(2, 2, idOf('a', 'acknowledge'));
    await outcome(idOf('b', 'verify'), 'done', 3);
    await fact(3, 3, idOf('b', 'verify'));
    await outcome(idOf('c', 'verify'), 'refused', null);
    await rows(`insert into risk.stream (topic, part, partition_count, last_seq, published_seq, last_hash)
      values ('facts', 0, 1, 3, 3, 'h3'), ('commands', 0, 1, 1, 1, 'h1')`);
    await event('e1');
    await event('e2');
    await rows(
      `insert into risk.risk_place (id, tenant, category, area, scope_kind, scope_name, tally)
       values ($1, $2, 'DSP-04', '330106003012', 'area', '330106003012', '{"days":{"20000":[1,1],"20001":[1,1]}}')`,
      [PLACE, TENANT],
    );
    await rows(
      `insert into risk.warning (tenant, id, place_id, generation, category, area, scope_kind, scope_name, status, level,
         score, rule_version, version, raised_at, updated_at, level_since, peak)
       values ($1, $2, $3, 0, 'DSP-04', '330106003012', 'area', '330106003012', 'acknowledged', 1, 40, 'v', 3, now(), now(), now(), 1)`,
      [TENANT, WARNING, PLACE],
    );
  });

  /** Everything that is wrong with what lies in the database and was heard. */
  const faults = async (lines: readonly Line[] = honest()): Promise<string> => {
    const wishes = wishesOf(lines);
    return [
      ...(await commandFaults(rows, wishes, [TENANT])),
      ...(await eventFaults(rows, wishes, [TENANT])),
      ...(await journalFaults(rows, [TENANT])),
      ...(await asideFaults(rows, 0)),
      ...readFaults(wishes),
      ...statusFaults(lines),
    ].join('\n');
  };

  it('find nothing wrong with an honest run', async () => {
    expect(await faults()).toBe('');
  });

  it('take a reminder for no change: it has the version of the one before it', async () => {
    await rows(
      `insert into risk.journal (topic, part, seq, epoch, kind, event_id, type, tenant, aggregate_id, aggregate_version,
         actor, correlation_id, hops, at, payload, previous_hash, hash)
       values ('facts', 0, 4, 1, 'fact', gen_random_uuid(), 'linli.risk.warning.reminded.v1', $1, $2, 3, 'system', 'c', 0,
         now(), '{}', $3, 'h4')`,
      [TENANT, WARNING, HASH[3]],
    );
    await rows(`update risk.stream set last_seq = 4, published_seq = 4 where topic = 'facts'`);
    expect(await faults()).toBe('');
  });

  it('derive the id of a command as the API promises: uuidv5 of tenant, request line and key', () => {
    expect(commandIdOf({ tenant: 'default', cmd: 'POST /v1/warnings/x/verify', key: 'k' })).toBe(
      '38bdffe9-2f00-5770-85df-d9cb1c87c18c',
    );
  });

  const breaches: readonly [what: string, sql: string, said: string][] = [
    [
      'a command answered 202 left no outcome',
      `delete from risk.outcome where aggregate_version = 3`,
      'answered 2xx has no outcome',
    ],
    [
      'a refused command left no outcome',
      `delete from risk.outcome where status = 'refused'`,
      'answered 4xx has no outcome',
    ],
    [
      'a command answered 200 was refused',
      `update risk.outcome set status = 'refused' where aggregate_version = 2`,
      'answered 200 was not done',
    ],
    [
      'a refused command was done',
      `update risk.outcome set status = 'done' where status = 'refused'`,
      'is done and has no effect',
    ],
    [
      'a command took effect twice',
      `update risk.journal set command_id = (select command_id from risk.outcome where aggregate_version = 2)
       where kind = 'fact' and aggregate_version = 3`,
      'took effect twice',
    ],
    [
      'an effect is of no command',
      `update risk.journal set command_id = gen_random_uuid() where kind = 'fact' and aggregate_version = 3`,
      'an effect of no command that was sent',
    ],
    [
      'an outcome is of no command',
      `insert into risk.outcome select gen_random_uuid(), tenant, request_hash, aggregate_id, 'refused', null, null, null,
         completed_at from risk.outcome limit 1`,
      'an outcome of no command that was sent',
    ],
    [
      'an accepted event is gone',
      `delete from risk.risk_event where id = 'e2'`,
      'an accepted event is nowhere',
    ],
    [
      'an event is in quarantine too',
      `insert into risk.risk_quarantine select tenant, source, id, 'area', category, area, occurred_at, received_at,
         stored_at, '{}' from risk.risk_event where id = 'e1'`,
      'kept in more than one place',
    ],
    [
      'an event came from nowhere',
      `update risk.risk_event set id = 'e3' where id = 'e2'`,
      'an event is kept that nobody sent',
    ],
    [
      'a signal was counted twice',
      `update risk.risk_place set tally = '{"days":{"20000":[2,2],"20001":[1,1]}}'`,
      'has counted other signals',
    ],
    ['a fact is missing', `delete from risk.journal where seq = 2`, 'with a hole or a double'],
    [
      'a warning is ahead of its facts',
      `update risk.warning set version = 4`,
      'another version than its facts',
    ],
    [
      'facts are in the wrong order',
      `update risk.journal set aggregate_version = 5 - aggregate_version where kind = 'fact' and seq > 1`,
      'out of order',
    ],
    ['a number was lost', `update risk.stream set last_seq = 4, published_seq = 4`, 'not dense'],
    [
      'a row was exchanged',
      `update risk.journal set hash = 'other' where kind = 'fact' and seq = 2`,
      'does not follow the one before it',
    ],
    [
      'not all was sent',
      `update risk.stream set published_seq = 2 where topic = 'facts'`,
      'not all was sent',
    ],
    [
      'a key is parked',
      `insert into risk.parked_key (consumer_group, key, since, reason) values ('g', 'k', now(), 'r')`,
      'was set aside',
    ],
  ];

  it.each(breaches)('say so when %s', async (_what, sql, said) => {
    await rows(sql);
    expect(await faults()).toContain(said);
  });

  it('allow an unanswered command to have been done, once', async () => {
    await outcome(idOf('d', 'verify'), 'done', 4);
    await rows(`update risk.warning set version = 4`);
    await rows(`update risk.stream set last_seq = 4, published_seq = 4 where topic = 'facts'`);
    await fact(4, 4, idOf('d', 'verify'));
    expect(await faults()).toBe('');
    await rows(`delete from risk.outcome where aggregate_version = 4`);
    expect(await faults()).toContain('a command that is not done has an effect');
  });

  it('say so when somebody saw less than was answered before', async () => {
    const late = wish('late', `GET /v1/warnings/${WARNING}`, [100, 110], {
      type: 'ok',
      status: 200,
      version: 1,
    });
    expect(await faults([...honest(), ...late])).toContain('older than what was answered before');
  });

  it('say so when one key was answered in two ways', async () => {
    const again = wish('a', cmdOf('acknowledge'), [25, 28], { type: 'ok', status: 200, version: 3 });
    expect(await faults([...honest(), ...again])).toContain('was answered in two ways');
  });

  it('say so when an answer was a 500', async () => {
    const bad = wish('bad', `GET /v1/warnings/${WARNING}`, [100, 110], { type: 'info', status: 500 });
    expect(await faults([...honest(), ...bad])).toContain('5xx that is not 503');
  });

  it('take offsets that are not the end of the log for work that is not done', async () => {
    const end = [{ topic: 'commands', part: 0, high: 7 }];
    await rows(
      `insert into risk.progress (consumer_group, topic, part, next_offset) values ('g', 'commands', 0, 6)`,
    );
    await expect(untilAtRest(rows, () => Promise.resolve(end), 300)).rejects.toThrow('the rest of all work');
    await rows('update risk.progress set next_offset = 7');
    await untilAtRest(rows, () => Promise.resolve(end), 5000);
    await rows(`update risk.stream set published_seq = 0 where topic = 'facts'`);
    await expect(untilAtRest(rows, () => Promise.resolve(end), 300)).rejects.toThrow('the rest of all work');
  });

  it('count only what was set aside during the run', async () => {
    await rows(
      `insert into risk.parked_key (consumer_group, key, since, reason) values ('g', 'k', now(), 'r')`,
    );
    expect(await asideFaults(rows, await asideIn(rows))).toEqual([]);
  });
});
