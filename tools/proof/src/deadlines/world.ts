import type { TopicSpec } from '@linli/contracts';
import { seededRandom, type Random } from '@linli/kernel';
import { eventually } from '@linli/testing';
import { join } from 'node:path';
import type { Counts } from '../counts.js';
import { freshTopic } from '../log-suites/ground.js';
import { happened } from '../void.js';
import { rowsOf, type Evidence, type Recovery, type Span } from './evidence.js';
import { apart, watchStalls } from './stalls.js';
import type { Ground } from './ground.js';
import { Load } from './load.js';
import { Member } from './members.js';
import { crowdAt, wishAt } from './wishes.js';

const SETTLED_WITHIN_MS = 120_000;
/** Nothing is due before it can have been armed. */
const SOONEST_MS = 500;
const CROWD_OF = 20;

let worlds = 0;

/** Processes with deadlines and a topic and schema of their own, and all that was wished and done to them. */
export class World {
  readonly dark: Span[] = [];
  readonly recoveries: Recovery[] = [];
  readonly load: Load;
  readonly random: Random;
  readonly members: readonly Member[];
  private wished = 0;
  private readonly stalls = watchStalls();

  private constructor(
    readonly ground: Ground,
    readonly topic: TopicSpec,
    readonly schema: string,
    { seed, shiftsMs }: { readonly seed: number; readonly shiftsMs: readonly number[] },
  ) {
    this.random = seededRandom(seed);
    this.load = new Load(ground, schema, topic);
    const { databaseUrl, brokers, redis, folder } = ground;
    const redisUrl = redis && `redis://${redis.proxy.address}`;
    this.members = shiftsMs.map((shiftMs, n) => {
      const strikeFile = join(folder, `${schema}-${n}.strike`);
      const settings = { databaseUrl, schema, brokers, redisUrl, commands: topic, strikeFile };
      return new Member({ settings, shiftMs });
    });
  }

  /** One process for each shift of its clock, started one after the other: the first makes the tables. */
  static async open(ground: Ground, seed: number, shiftsMs: readonly number[]): Promise<World> {
    worlds += 1;
    const topic = await freshTopic(ground, 'commands', 4);
    const schema = `deadlines_${worlds}_${Date.now().toString(36)}`;
    const world = new World(ground, topic, schema, { seed, shiftsMs });
    for (const member of world.members) await member.start();
    await world.checkShifts(shiftsMs);
    world.load.start();
    return world;
  }

  member(n: number): Member {
    const member = this.members[n];
    if (!member) throw new Error(`there is no member ${n}`);
    return member;
  }

  /** Arms so many more, due within this time from now. */
  async arm(count: number, withinMs: number): Promise<void> {
    const now = Date.now();
    const wishes = Array.from({ length: count }, () => {
      this.wished += 1;
      const due = now + SOONEST_MS + Math.floor(this.random.next() * withinMs);
      return wishAt(this.random, this.schema, this.wished, due);
    });
    await this.load.arm(wishes);
  }

  /** Arms many that fall due together, and sees that they are armed; answers their ids and when the last one is due. */
  async armCrowd(
    count: number,
    inMs: number,
  ): Promise<{ readonly ids: ReadonlySet<string>; readonly due: number }> {
    const from = Date.now() + inMs;
    const crowd = Array.from({ length: count }, (_, n) => {
      this.wished += 1;
      return crowdAt(this.schema, this.wished, CROWD_OF, from + n);
    });
    await this.load.arm(crowd);
    const ids = crowd.map(({ id }) => id);
    await this.until('the crowd is armed', async () => (await this.count('deadline', 'id', ids)) === count);
    return { ids: new Set(ids), due: from + count };
  }

  /** Waits until all that was asked has been done. */
  async caughtUp(): Promise<void> {
    const asked = this.load.asked;
    await this.until(
      'what was asked is done',
      async () => {
        const [found] = await this.ground.rows<{ n: number }>(
          `select count(*)::int as n from ${this.schema}.asked`,
        );
        return (found?.n ?? 0) >= asked;
      },
      SETTLED_WITHIN_MS,
    );
  }

  async count(table: string, column: string, ids: readonly string[]): Promise<number> {
    const [found] = await this.ground.rows<{ n: number }>(
      `select count(*)::int as n from ${this.schema}.${table} where ${column} = any($1::uuid[])`,
      [ids],
    );
    return found?.n ?? 0;
  }

  until(what: string, check: () => Promise<boolean>, withinMs = 30_000): Promise<boolean> {
    return eventually(check, { withinMs, everyMs: 50, what });
  }

  /** Does something while no process runs. */
  async inTheDark<T>(work: () => Promise<T>): Promise<T> {
    const from = Date.now();
    const done = await work();
    this.dark.push({ from, to: Date.now() });
    return done;
  }

  /** Alarms and sweeps of all processes since they started. */
  async tally(): Promise<Counts> {
    const all = await Promise.all(this.members.map((member) => member.state()));
    const sum = (one: 'rings' | 'alarmsLost' | 'sweepsFailed'): number =>
      all.reduce((total, state) => total + state[one], 0);
    return { rings: sum('rings'), alarmsLost: sum('alarmsLost'), sweepsFailed: sum('sweepsFailed') };
  }

  get stalledMs(): number {
    return this.stalls.spans.reduce((sum, { from, to }) => sum + to - from, 0);
  }

  /** Waits until everything was asked, every deadline has come to its end, and every firing was heard. */
  async settled(): Promise<void> {
    await this.until('everything asked', async () => this.load.unasked === 0, SETTLED_WITHIN_MS);
    await this.load.stop();
    const { schema, ground, load } = this;
    await this.until(
      'the end of all deadlines',
      async () => {
        const [found] = await ground.rows<{ over: number; asked: number; unheard: number }>(
          `select (select count(*) from ${schema}.deadline where next_at is null and state in ('fired', 'cancelled'))::int
             as over, (select count(*) from ${schema}.asked)::int as asked,
             (select count(*) from ${schema}.deadline_firing as firing where not exists (select from ${schema}.heard
              where deadline_id = firing.deadline_id and round = firing.round and rung = firing.rung))::int as unheard`,
        );
        if (found?.over !== load.wishes.length || found.asked !== load.asked || found.unheard > 0)
          throw new Error(
            `${JSON.stringify(found)} of ${load.wishes.length} deadlines, ${load.asked} changes`,
          );
        return true;
      },
      SETTLED_WITHIN_MS,
    );
  }

  async evidence(): Promise<Evidence> {
    const { load, recoveries, ground, schema } = this;
    const dark = apart([...this.dark, ...this.stalls.spans]);
    return { ...(await rowsOf(ground.rows, schema)), wishes: load.wishes, dark, recoveries };
  }

  async close(): Promise<void> {
    this.stalls.stop();
    await this.load.stop().catch(() => undefined);
    await Promise.all(this.members.map((member) => member.stop()));
  }

  private async checkShifts(shiftsMs: readonly number[]): Promise<void> {
    const wrong = await Promise.all(
      this.members.map(async (member) => (await member.state()).now - Date.now()),
    );
    const shifted = wrong.filter((by, n) => Math.abs(by - (shiftsMs[n] ?? 0)) < 10_000);
    happened('processes with a wrong clock', shifted.length, shiftsMs.length);
  }
}
