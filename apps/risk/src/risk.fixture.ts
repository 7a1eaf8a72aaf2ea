import type { Answer, Handling, NewCommand, NewFact } from '@linli/bus';
import { scopes, type Command, type IntakeEvent, type Outcome, type Principal } from '@linli/contracts';
import { secretsFrom } from '@linli/service';
import { classify, type Database } from '@linli/store';
import { v5 } from 'uuid';
import { HoldWarnings } from './commands/hold-warnings.js';
import { RiskEvents } from './consumers/risk-events.js';
import { counted } from './counted.fixture.js';
import { deadlinesInSpecs, type FastDeadlines } from './deadlines.fixture.js';
import { aCommand, handlersOf, type Handles } from './handlers.fixture.js';
import type { Parts } from './parts.js';
import type { Assessment } from './domain/score.js';
import { places } from './store/places.js';
import { shownOf } from './use-cases/assess-places.js';
import { openRuleBook } from './use-cases/rules.js';

export const NOW = Date.parse('2026-11-23T12:00:00+08:00');
export const TENANT = 'yuhang';
export const AREA = '330110003012';
export const GRID = '330110003012-05';

/** A real-name property complaint in one grid, now. */
export const anEvent = (over: Partial<IntakeEvent> = {}): IntakeEvent => ({
  id: 'e-1',
  source: 'petition',
  category: 'DSP-04',
  area: AREA,
  grid: GRID,
  building: null,
  dispute: null,
  point: null,
  occurredAt: NOW,
  credibility: 0.8,
  severity: 1,
  confirmed: false,
  party: null,
  vulnerable: false,
  triggers: [],
  text: null,
  quarantine: null,
  ...over,
});

export const someEvents = (n: number, over: Partial<IntakeEvent> = {}, prefix = 'e'): IntakeEvent[] =>
  Array.from({ length: n }, (_, i) => anEvent({ id: `${prefix}-${i}`, ...over }));

export const aPrincipal = (over: Partial<Principal> = {}): Principal => ({
  tenant: TENANT,
  keyId: 'k-street',
  name: 'Street duty',
  scopes: [...scopes],
  areas: null,
  ...over,
});

/** The doors of the service on a real database, with a bus that delivers at once and exactly once. */
export class World {
  readonly facts: NewFact[] = [];
  readonly #queue: Command[] = [];
  readonly #done = new Set<string>();
  #statements = 0;
  readonly #handlers: Readonly<Record<string, Handles>>;
  readonly deadlines: FastDeadlines['deadlines'];
  readonly #time: FastDeadlines;
  readonly #hold: HoldWarnings;
  now = NOW;
  /** When the log took what comes, if not now. */
  appendedAt: number | null = null;
  /** Transactions done again because another one was in their way. */
  retries = 0;

  constructor(
    readonly database: Database,
    readonly secrets = secretsFrom('a master secret of a test, 32 characters and more'),
  ) {
    this.#time = deadlinesInSpecs(
      database,
      () => this.now,
      (sent) => this.#post(sent),
    );
    this.deadlines = this.#time.deadlines;
    const parts = { database, secrets, deadlines: this.deadlines } as unknown as Parts;
    this.#hold = new HoldWarnings(parts);
    this.#handlers = handlersOf(parts);
  }

  /** Events of one tenant arrive as one chunk; all that follows from it happens. */
  async arrive(events: readonly unknown[], tenant = TENANT, receivedAt = this.now): Promise<void> {
    await this.take(events, tenant, receivedAt);
    await this.#deliver();
  }

  /** Several chunks at once, as from several partitions. */
  async arriveAtOnce(chunks: readonly (readonly unknown[])[]): Promise<void> {
    await Promise.all(chunks.map((events) => this.take(events)));
    await this.#deliver();
  }

  /** A command of a person; answers the outcome, after all that follows from it. */
  async tell(
    type: string,
    aggregateId: string,
    data: unknown,
    over: Partial<Command> = {},
  ): Promise<Pick<Outcome, 'status' | 'resource' | 'refusal'>> {
    const answer = await this.#handle(this.#command(type, aggregateId, data, over));
    await this.#deliver();
    return 'refusal' in answer
      ? { status: 'refused', resource: null, refusal: answer.refusal as Outcome['refusal'] }
      : { status: 'done', resource: answer.resource, refusal: null };
  }

  /** Time passes: what falls due until an instant happens at its time, and all that follows from it. */
  async pass(until: number): Promise<void> {
    for (let next; (next = await this.#time.next(until));) {
      this.now = Math.max(this.now, next.at);
      await this.#time.ring(next.id);
      await this.#deliver();
    }
    this.now = until;
  }

  /** What fires up to now, oldest first, and was not delivered yet. */
  async firings(): Promise<object[]> {
    for (let next; (next = await this.#time.next(this.now));) await this.#time.ring(next.id);
    return this.#queue.splice(0).map(({ data }) => data as object);
  }

  /** All that waits happens in one transaction; answers how many statements it took. */
  async deliverTogether(): Promise<number> {
    this.#statements = 0;
    await this.#handleAll(this.#queue.splice(0));
    return this.#statements;
  }

  /** `issued 2`: each fact told, and the version of its warning. */
  told(): string[] {
    return this.facts.map(({ type, aggregateVersion }) => `${type.split('.')[3] ?? ''} ${aggregateVersion}`);
  }

  query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.database.connection('http').query<Row>(sql, parameters);
  }

  /** What the places show, in the order of their ids. */
  assessments(): Promise<(Assessment | undefined)[]> {
    return this.database.transaction('http', async (tx) => {
      const rows = await tx.query<{ id: string; tenant: string }>('SELECT id, tenant FROM risk_place');
      const book = await openRuleBook(
        tx,
        rows.map(({ tenant }) => tenant),
        this.now,
      );
      const all = await places.find(
        tx,
        rows.map(({ id }) => id),
      );
      return Promise.all(all.map(async (place) => (await shownOf(tx, place, book))?.assessment));
    });
  }

  /** Events arrive; what follows from them waits. */
  take(events: readonly unknown[], tenant = TENANT, receivedAt = this.now): Promise<void> {
    const items = events.map((event) => ({
      item: { tenant, receivedAt, correlationId: 'c-1', event },
      appendedAt: new Date(this.now),
    }));
    return this.#retried(() => this.#run((handling) => new RiskEvents().handle(items, handling)));
  }

  /** What passes is tried again, as the bus does. */
  async #retried<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (classify(error) !== 'transient') throw error;
      this.retries += 1;
      return this.#retried(work);
    }
  }

  #command(type: string, aggregateId: string, data: unknown, over: Partial<Command>): Command {
    return aCommand({ type, aggregateId, data, tenant: TENANT, principal: aPrincipal(), ...over }, this.now);
  }

  /** Commands of people that came together, in one transaction. */
  tellTogether(
    commands: readonly { readonly type: string; readonly id: string; readonly data?: object }[],
  ): Promise<Answer[]> {
    return this.#handleAll(commands.map(({ type, id, data }) => this.#command(type, id, data ?? {}, {})));
  }

  async #handle(command: Command): Promise<Answer> {
    const [answer] = await this.#handleAll([command]);
    if (!answer) throw new Error(`${command.type} was not answered`);
    return answer;
  }

  #handleAll(commands: readonly Command[]): Promise<Answer[]> {
    return this.#run(async (handling) => {
      await this.#hold.hold(commands, handling);
      const answers: Answer[] = [];
      for (const command of commands) {
        const handler = this.#handlers[command.type];
        if (!handler) throw new Error(`no handler for ${command.type}`);
        answers.push(await handler.handle(command, handling));
      }
      return answers;
    });
  }

  async #run<T>(work: (handling: Handling) => Promise<T>): Promise<T> {
    const [facts, sent]: [NewFact[], NewCommand[]] = [[], []];
    const done = await this.database.transaction('consumer', async (bare) => {
      await this.#time.tell(bare);
      const tx = counted(bare, () => (this.#statements += 1));
      const endings: (() => Promise<void>)[] = [];
      const answer = await work({
        tx,
        now: new Date(this.now),
        appendedAt: new Date(this.appendedAt ?? this.now),
        tell: (fact) => void facts.push(fact),
        send: (command) => void sent.push(command),
        beforeCommit: (ending) => void endings.push(ending),
        afterCommit: (after) => after(),
      });
      for (const ending of endings) await ending();
      return answer;
    });
    this.facts.push(...facts);
    this.#post(sent);
    return done;
  }

  #post(sent: readonly NewCommand[]): void {
    for (const { type, aggregateId, data, tenant, identity } of sent) {
      const commandId = v5([tenant, type, ...identity].join('\n'), v5.URL);
      this.#queue.push(this.#command(type, aggregateId, data, { tenant, commandId }));
    }
  }

  async #deliver(): Promise<void> {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      if (this.#done.has(next.commandId)) continue;
      this.#done.add(next.commandId);
      await this.#handle(next);
    }
  }
}
