import { pick, seededRandom, type Random } from '@linli/kernel';
import { eventually } from '@linli/testing';
import { setTimeout as delay } from 'node:timers/promises';
import type { Counts } from '../counts.js';
import type { History } from '../history/history.js';
import { pickZipf } from '../random.js';
import { Caller, type Answer, type CallerOptions, type Tenant } from './caller.js';
import { EventMaker, newSpot, type Spot } from './events.js';
import { chosen, wantedOf, type Known } from './wanted.js';

export interface LoadPlan {
  readonly seed: number;
  readonly tenants: number;
  /** Warnings to begin with, over all tenants. */
  readonly warnings: number;
  readonly clients: number;
  readonly history: History;
  readonly urls: () => readonly string[];
  readonly bootstrapKey: string;
  /** A rest of each client between two wishes. */
  readonly pauseMs?: number;
  readonly caller?: Pick<CallerOptions, 'attempts' | 'withinMs' | 'onAnswer'>;
}

/** What one tenant's clients know. */
interface Field {
  readonly tenant: Tenant;
  readonly spots: Spot[];
  readonly known: Known[];
}

const NEW_SHARE = 0.05;
/** Some send a command twice at once, under one key, to two gateways if there are two. */
const IMPATIENT_SHARE = 0.05;
const EVENTS_IN_BATCH = 10;
const scopes = ['risk:write', 'risk:read', 'warnings:read', 'warnings:write'];

interface Seen {
  readonly id: string;
  readonly status: string;
  readonly version: number;
}

/**
 * Load profile L as far as the API has operations: 55 % changes of warnings chosen by Zipf (a tenth of them with a stale
 * If-Match), 20 % batches of events (one in twenty from a new place), the rest reads of what was written.
 */
export class Load {
  commands = 0;
  batches = 0;
  reads = 0;
  private readonly fields: Field[] = [];
  private readonly run: string;
  private readonly maker: EventMaker;
  private keys = 0;

  constructor(private readonly plan: LoadPlan) {
    this.run = `s${plan.seed}-${Date.now().toString(36)}`;
    this.maker = new EventMaker(this.run, seededRandom(plan.seed + 1));
  }

  get tenants(): readonly string[] {
    return this.fields.map(({ tenant }) => tenant.name);
  }

  get counts(): Counts {
    return { commands: this.commands, batches: this.batches, reads: this.reads };
  }

  /** Keys for the tenants, signals for the first warnings, and the warnings themselves. */
  async prepare(): Promise<void> {
    const { tenants, warnings, seed } = this.plan;
    const random = seededRandom(seed + 2);
    const caller = this.caller(0);
    for (let n = 1; n <= tenants; n += 1) this.fields.push(await this.fieldOf(caller, n));
    await Promise.all(
      this.fields.map(async (field) => {
        const spots = Array.from({ length: Math.ceil(warnings / tenants) }, () => newSpot(random));
        await this.post(
          caller,
          field,
          spots,
          spots.flatMap((spot) => this.maker.firstOf(spot)),
        );
        await eventually(() => this.look(caller, field, spots.length), {
          withinMs: 60_000,
          everyMs: 200,
          what: `the warnings of ${field.tenant.name}`,
        });
      }),
    );
  }

  /** Commands, batches and looks. */
  get wishes(): number {
    return this.commands + this.batches + this.reads;
  }

  /** Runs until so many wishes were sent, and `goOn` says no. */
  async drive(wishes: number, goOn: () => boolean = () => false): Promise<void> {
    const end = this.wishes + wishes;
    const clients = Array.from({ length: this.plan.clients }, (_, n) => n + 1);
    const more = (): boolean => this.wishes < end || goOn();
    await Promise.all(clients.map((p) => this.client(p, more)));
  }

  /** One command that waits a second, and a way to ask what became of the operation that it was answered with. */
  async commandOnce(): Promise<{ status: number | null; operation: () => Promise<string | undefined> }> {
    const random = seededRandom(this.plan.seed + 3);
    const { tenant, known } = pick(random, this.fields);
    const { id } = pick(random, known);
    const call = { method: 'POST', path: `/v1/warnings/${id}/verify`, tenant, key: this.nextKey() } as const;
    const body = { result: 'unclear', evidence: call.key };
    this.commands += 1;
    const caller = this.caller(0);
    const { status, headers } = await caller.call({
      ...call,
      body,
      headers: { 'if-match': '*', prefer: 'wait=1' },
    });
    const operation = async (): Promise<string | undefined> => {
      const answer = await this.get(caller, tenant, headers?.get('location') ?? '');
      return (answer.body as { status?: string } | null)?.status;
    };
    return { status, operation };
  }

  private async client(p: number, more: () => boolean): Promise<void> {
    const random = seededRandom(this.plan.seed * 1000 + p);
    const caller = this.caller(p);
    while (more()) {
      const field = pick(random, this.fields);
      const at = random.next();
      if (at < 0.55) await this.command(caller, field, random);
      else if (at < 0.75) await this.signals(caller, field, random);
      else await this.read(caller, field, random);
      if (this.plan.pauseMs !== undefined) await delay(this.plan.pauseMs);
    }
  }

  private async command(caller: Caller, { tenant, known }: Field, random: Random): Promise<void> {
    const one = chosen(known, random);
    const key = this.nextKey();
    const { verb, body, ifMatch } = wantedOf(one, key, random);
    this.commands += 1;
    const path = `/v1/warnings/${one.id}/${verb}`;
    const headers = { 'if-match': ifMatch, prefer: 'wait=3' };
    const send = () => caller.call({ method: 'POST', path, tenant, key, body, headers });
    const [answer] = await Promise.all(random.next() < IMPATIENT_SHARE ? [send(), send()] : [send()]);
    learn(one, answer);
    // Whoever is refused looks why.
    if (answer.type === 'fail') await this.see(caller, tenant, one);
  }

  private async signals(caller: Caller, field: Field, random: Random): Promise<void> {
    const isNew = random.next() < NEW_SHARE;
    const spot = newSpot(random);
    const events = isNew ? this.maker.firstOf(spot) : this.maker.batch(field.spots, EVENTS_IN_BATCH);
    await this.post(caller, field, isNew ? [spot] : [], events);
  }

  private async post(
    caller: Caller,
    { tenant, spots }: Field,
    fresh: readonly Spot[],
    events: readonly { readonly id: string }[],
  ): Promise<void> {
    this.batches += 1;
    const ids = events.map(({ id }) => id);
    const call = {
      method: 'POST',
      path: '/v1/risk-events',
      tenant,
      key: this.nextKey(),
      body: events,
      ids,
    } as const;
    if ((await caller.call(call)).type === 'ok') spots.push(...fresh);
  }

  private async read(caller: Caller, field: Field, random: Random): Promise<void> {
    if (random.next() < NEW_SHARE) await this.look(caller, field, 0);
    else await this.see(caller, field.tenant, pickZipf(random, field.known));
  }

  private async see(caller: Caller, tenant: Tenant, one: Known): Promise<void> {
    learn(one, await this.get(caller, tenant, `/v1/warnings/${one.id}`));
  }

  /** Learns of new warnings; true when so many are known. */
  private async look(caller: Caller, { tenant, known }: Field, atLeast: number): Promise<boolean> {
    const { body } = await this.get(caller, tenant, '/v1/warnings?limit=200');
    const items = (body as { items?: Seen[] } | null)?.items ?? [];
    const ids = new Set(known.map(({ id }) => id));
    known.push(
      ...items.filter(({ id }) => !ids.has(id)).map(({ id, status, version }) => ({ id, status, version })),
    );
    return known.length >= atLeast;
  }

  private get(caller: Caller, tenant: Tenant, path: string): Promise<Answer> {
    this.reads += 1;
    return caller.call({ method: 'GET', path, tenant, key: this.nextKey() });
  }

  private async fieldOf(caller: Caller, n: number): Promise<Field> {
    const name = `${this.run}-${n}`;
    const tenant = { name: 'default', key: this.plan.bootstrapKey };
    const body = { name: 'load', scopes, tenant: name };
    const made = await caller.call({
      method: 'POST',
      path: '/v1/api-keys',
      tenant,
      key: this.nextKey(),
      body,
    });
    const { key } = made.body as { key?: string };
    if (key === undefined) throw new Error(`no key for ${name}: ${JSON.stringify(made.body)}`);
    return { tenant: { name, key }, spots: [], known: [] };
  }

  private caller(p: number): Caller {
    const { history, urls, caller } = this.plan;
    return new Caller(p, { history, urls, ...caller });
  }

  private nextKey(): string {
    this.keys += 1;
    return `${this.run}-${this.keys}`;
  }
}

const learn = (one: Known, { status, body }: Answer): void => {
  const seen = body as Partial<Seen> | null;
  if (status !== 200 || seen?.status === undefined || seen.version === undefined) return;
  if (seen.version > one.version) Object.assign(one, { status: seen.status, version: seen.version });
};
