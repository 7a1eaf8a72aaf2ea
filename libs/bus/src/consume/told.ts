import { createHash } from 'node:crypto';
import { Command, scopes, type Principal, type TopicSpec } from '@linli/contracts';
import type { Ids } from '@linli/kernel';
import { v5 } from 'uuid';
import type { Handling, NewCommand, NewFact } from '../handling.js';
import type { Entry } from '../store/journal-store.js';
import type { BusWatch } from '../watch.js';

/** What led to a message: carried on to everything that the message leads to. */
export interface Cause {
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly commandId: string | null;
  readonly principal: Principal;
  readonly hops: number;
  readonly traceparent?: string | null;
}

export const systemPrincipal = (tenant: string): Principal => ({
  tenant,
  keyId: 'system',
  name: 'system',
  scopes: [...scopes],
  areas: null,
});

/** Commands between services have no client that gives up on them. */
const NEVER = '9999-12-31T23:59:59.000Z';
const NAMESPACE = '6f0d5a3e-52a4-5d0b-9c1c-3f6b0f1f7a61';

/** Length-prefixed, so that no two lists of parts read the same. */
const named = (parts: readonly (string | number)[]): string =>
  v5(parts.map((part) => `${String(part).length}:${part}`).join(','), NAMESPACE);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const toJson = (data: unknown): string => JSON.stringify(data) ?? 'null';

const factEntry = (fact: NewFact, cause: Cause, id: string, at: Date): Entry => ({
  topic: fact.topic,
  kind: 'fact',
  eventId: id,
  type: fact.type,
  tenant: fact.tenant,
  aggregateId: fact.aggregateId,
  aggregateVersion: fact.aggregateVersion,
  actor: cause.principal.keyId,
  commandId: cause.commandId,
  correlationId: cause.correlationId,
  causationId: cause.causationId,
  hops: cause.hops,
  at,
  payload: toJson(fact.data),
  traceparent: cause.traceparent ?? null,
});

const commandFrom = (sent: NewCommand, cause: Cause, at: Date): Command =>
  Command.parse({
    commandId: named([sent.tenant, sent.type, ...sent.identity]),
    type: sent.type,
    version: 1,
    tenant: sent.tenant,
    aggregateId: sent.aggregateId,
    principal: { ...cause.principal, tenant: sent.tenant },
    expectedVersion: null,
    requestHash: sha256(`${sent.type}\n${toJson(sent.data)}`),
    notAfter: NEVER,
    acceptedAt: at.toISOString(),
    correlationId: cause.correlationId,
    causationId: cause.causationId,
    hops: cause.hops + 1,
    ...(cause.traceparent && { traceparent: cause.traceparent }),
    data: sent.data,
  } satisfies Command);

const commandEntry = (command: Command, topic: string, cause: Cause, at: Date): Entry => ({
  topic,
  kind: 'command',
  eventId: command.commandId,
  type: command.type,
  tenant: command.tenant,
  aggregateId: command.aggregateId,
  aggregateVersion: 0,
  actor: command.principal.keyId,
  commandId: cause.commandId,
  correlationId: command.correlationId,
  causationId: command.causationId,
  hops: command.hops,
  at,
  payload: JSON.stringify(command),
  traceparent: cause.traceparent ?? null,
});

/** Collects what the handlers of one transaction tell, send and want done after the commit. */
export class Told {
  readonly entries: Entry[] = [];
  readonly endings: (() => Promise<void>)[] = [];
  readonly works: (() => void)[] = [];

  constructor(
    private readonly ids: Ids,
    private readonly tells: ReadonlyMap<string, TopicSpec>,
    readonly now: Date,
    private readonly watch?: Pick<BusWatch, 'traceparent'>,
  ) {}

  handling<Tx>(tx: Tx, cause: Cause, appendedAt: Date): Handling<Tx> {
    return {
      tx,
      now: this.now,
      appendedAt,
      tell: (fact) => {
        this.check(fact.topic, 'facts');
        const of = this.causeOf(cause, fact);
        this.entries.push(factEntry(fact, of, this.ids.next(), this.now));
      },
      send: (command) => {
        this.check(command.topic, 'commands');
        const of = this.causeOf(cause, command);
        this.entries.push(commandEntry(commandFrom(command, of, this.now), command.topic, of, this.now));
      },
      beforeCommit: (work) => this.endings.push(work),
      afterCommit: (work) => this.works.push(work),
    };
  }

  private causeOf(cause: Cause, { correlationId = cause.correlationId }: { correlationId?: string }): Cause {
    return { ...cause, correlationId, traceparent: this.watch?.traceparent() ?? null };
  }

  private check(topic: string, holds: TopicSpec['holds']): void {
    if (this.tells.get(topic)?.holds !== holds) {
      throw new Error(`this service does not tell ${holds} on ${topic}: name it in \`tells\``);
    }
  }
}
