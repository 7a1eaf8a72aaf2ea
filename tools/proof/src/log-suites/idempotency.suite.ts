import { assert, asyncProperty, constantFrom, integer, record, string, type Arbitrary } from 'fast-check';
import { Findings } from '../broken.js';
import { eventually } from '@linli/testing';
import type { Counts } from '../counts.js';
import { allHappened } from '../void.js';
import type { Ask, Gateway, Reply } from './gateway.js';
import { suiteOnGateway } from './rounds.js';

const CASES = 300;

interface Wish {
  readonly copies: number;
  readonly verb: 'issue' | 'dismiss';
  readonly note: string;
  readonly other: string;
}

const aWish: Arbitrary<Wish> = record({
  copies: integer({ min: 2, max: 12 }),
  verb: constantFrom('issue' as const, 'dismiss' as const),
  note: string({ maxLength: 40, unit: 'grapheme-ascii' }),
  other: string({ maxLength: 40, unit: 'grapheme-ascii' }),
});

interface Keys {
  readonly ours: string;
  readonly stranger: string;
}

interface Done {
  readonly ask: Ask;
  readonly other: Ask;
  readonly reply: Reply;
  readonly warning: string;
}

const bodyOf = ({ verb }: Wish, note: string): object =>
  verb === 'dismiss' ? { reason: 'test', note } : { note };

const same = (one: Reply, other: Reply): boolean =>
  one.status === other.status && one.text === other.text && one.etag === other.etag;

const must = (holds: boolean, what: string, ...seen: unknown[]): void => {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(seen)}`);
};

const STILL_RUNS = 202;

/** A busy service answers that it is still at it: asked again, with the same key, until it says what came of it. */
const settled = async (gateway: Gateway, ask: Ask): Promise<Reply> => {
  let reply = await gateway.ask(ask);
  await eventually(
    async () => reply.status !== STILL_RUNS || (reply = await gateway.ask(ask)).status !== STILL_RUNS,
    { withinMs: 60_000, what: 'an answer that is not 202' },
  );
  return reply;
};

/** One wish, posted many times at once, then again, with another body, and by another tenant: the model is one effect. */
const wishOnce = async (gateway: Gateway, keys: Keys, warning: string, wish: Wish): Promise<Done> => {
  const headers = { 'idempotency-key': `wish-${warning}`, 'if-match': '"1"' };
  const path = `/v1/warnings/${warning}/${wish.verb}`;
  const ask: Ask = { key: keys.ours, path, body: bodyOf(wish, wish.note), headers };
  const other: Ask = { ...ask, body: bodyOf(wish, `${wish.note}${wish.other}!`) };
  const replies = await Promise.all(Array.from({ length: wish.copies }, () => settled(gateway, ask)));
  const [reply] = replies as [Reply];
  must(reply.status === 200 && reply.etag === '"2"', 'the first answer', reply);
  must(
    replies.every((one) => same(one, reply)),
    'all answers are the same',
    replies,
  );
  const [again, reused, strange] = await Promise.all([
    gateway.ask(ask),
    gateway.ask(other),
    gateway.ask({ ...ask, key: keys.stranger }),
  ]);
  must(same(again, reply) && again.replayed, 'the replay', again, reply);
  must(reused.status === 422 && reused.text.includes('IDEMPOTENCY_KEY_REUSED'), 'another body', reused);
  must(strange.status === 404 && !strange.replayed, 'another tenant', strange);
  return { ask, other, reply, warning };
};

const afterRestart = async (gateway: Gateway, all: readonly Done[], findings: Findings): Promise<void> => {
  await gateway.restart();
  for (const { ask, other, reply } of all) {
    const again = await gateway.ask(ask);
    if (!same(again, reply) || !again.replayed)
      findings.note(`after a restart: ${JSON.stringify({ again, reply })}`);
    const { status } = await gateway.ask(other);
    if (status !== 422) findings.note(`after a restart another body got ${status}`);
  }
};

/** By the rows: each warning has its candidate fact and one more, and no wish of ours has two outcomes. */
const countEffects = async (gateway: Gateway, all: readonly Done[], findings: Findings): Promise<void> => {
  await gateway.untilStamped();
  const { rows } = await gateway.database.query(
    `select aggregate_id as id, count(*)::int as facts from risk.journal
     where kind = 'fact' and aggregate_id = any($1) group by aggregate_id`,
    [all.map(({ warning }) => warning)],
  );
  const facts = new Map((rows as { id: string; facts: number }[]).map((row) => [row.id, row.facts]));
  for (const { warning } of all)
    if (facts.get(warning) !== 2) findings.note(`${warning} has ${facts.get(warning) ?? 0} facts`);
};

export const idempotencyOf = async (gateway: Gateway, seed: number, cases = CASES): Promise<Counts> => {
  const keys = {
    ours: await gateway.newKey('ours'),
    stranger: await gateway.newKey('stranger', 'elsewhere'),
  };
  const warnings = await gateway.candidates(cases);
  const all: Done[] = [];
  let copies = 0;
  const property = asyncProperty(aWish, async (wish) => {
    copies += wish.copies;
    all.push(await wishOnce(gateway, keys, warnings[all.length] ?? '', wish));
  });
  // A case that failed has changed its warning: there is nothing to shrink.
  await assert(property, { numRuns: cases, seed, endOnFailure: true });
  const findings = new Findings();
  await afterRestart(gateway, all, findings);
  await countEffects(gateway, all, findings);
  findings.settle('T13');
  const counts = { cases: all.length, copies, restarts: 1 };
  allHappened(counts, ['cases', 'copies', 'restarts']);
  return counts;
};

export const idempotency = suiteOnGateway(
  {
    id: 'T13',
    promise: 'The same key has one effect and one answer, and no other tenant hears it',
    attack: 'one key fifty times at once, with other bodies, from other tenants, before and after a restart',
    rounds: 17,
  },
  idempotencyOf,
);
