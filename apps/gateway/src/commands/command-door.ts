import { commandRecord, failpointOnceSent } from '@linli/bus';
import {
  covers,
  RISK_COMMANDS,
  type Command,
  type Outcome,
  type Principal,
  type Scope,
  type TopicSpec,
} from '@linli/contracts';
import { DAY, refuse, Refused } from '@linli/kernel';
import { commandSigner, RefusedWith, type ServiceParts } from '@linli/service';
import type { Logger } from 'pino';
import type { Expected, Outcomes } from '../clients/outcomes.js';
import type { Asking } from '../clients/risk.js';
import { outcomeRefusal } from '../clients/outcome-refusal.js';
import { tokenOf } from '../access/operation-token.js';
import type { WishKey } from './preconditions.js';
import type { Preference } from './prefer.js';
import type { Publishing } from '../clients/publishing.js';
import { commandIdOf, requestHashOf, type Wish } from './wish.js';

/** A wish with how it was sent. */
export interface Order {
  readonly wish: Wish;
  readonly key: WishKey;
  readonly preference: Preference;
  readonly scope: Scope;
  readonly asking: Asking;
}

/** What a client is told: the resource, or that the command is on its way. */
export interface Settled {
  readonly status: 200 | 202 | 204;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

type Parts = Pick<ServiceParts, 'clock' | 'secrets' | 'tracing'> & { readonly logger: Pick<Logger, 'warn'> };

/** Resources that name an area are shown only to who may see it, also when an answer is replayed. */
const visibleTo = (caller: Principal, resource: unknown): boolean => {
  const area = (resource as { area?: unknown } | null)?.area;
  return typeof area !== 'string' || covers(caller, area);
};

const headersOf = ({ key, preference }: Order): Record<string, string> => ({
  'idempotency-key': key.key,
  ...(preference.applied.length > 0 ? { 'preference-applied': preference.applied.join(', ') } : {}),
});

/** Takes wishes: puts them on the log as commands, waits for the outcome, answers. */
export class CommandDoor {
  constructor(
    private readonly publishing: Publishing,
    private readonly outcomes: Outcomes,
    private readonly parts: Parts,
    private readonly topic: TopicSpec = RISK_COMMANDS,
  ) {}

  /** The same for what cannot travel in the log: `run` hands the command to its owner and brings the outcome. */
  async takeByHand(order: Order, run: (command: Command) => Promise<Outcome>): Promise<Settled> {
    const command = this.commandOf(order);
    return this.settled(await run(command), command, order, headersOf(order));
  }

  async take(order: Order): Promise<Settled> {
    const command = this.commandOf(order);
    const headers = headersOf(order);
    const earlier = order.key.given ? await this.glance(command, order) : null;
    if (earlier && earlier.status !== 'parked') {
      return this.settled(earlier, command, order, { ...headers, 'idempotent-replayed': 'true' });
    }
    const { waitMs } = order.preference;
    if (waitMs > 0 && this.outcomes.full) {
      if (!earlier) await this.publish(command);
      return this.onItsWay(command, order, { ...headers, 'preference-applied': 'respond-async' });
    }
    const expected = waitMs > 0 ? this.outcomes.expect(command.commandId, order.asking, waitMs) : null;
    if (!earlier) await this.publish(command, expected);
    failpointOnceSent('while-waiting');
    const outcome = expected && (await this.known(expected.outcome(), command));
    return outcome && outcome.status !== 'parked'
      ? this.settled(outcome, command, order, headers)
      : this.onItsWay(command, order, headers);
  }

  private async publish(command: Command, expected: Expected | null = null): Promise<void> {
    const record = commandRecord(command, this.topic, commandSigner(this.parts.secrets));
    try {
      await this.publishing.publish(this.topic, [record], 'command');
    } catch (error) {
      expected?.callOff();
      throw error;
    }
  }

  private commandOf({ wish, key, asking }: Order): Command {
    const { caller, correlationId } = asking;
    const now = this.parts.clock.now();
    const traceparent = this.parts.tracing?.traceparent();
    return {
      commandId: commandIdOf(caller, wish.route, key.key),
      type: wish.type,
      version: 1,
      tenant: caller.tenant,
      aggregateId: wish.aggregateId,
      principal: caller,
      expectedVersion: wish.expectedVersion,
      requestHash: requestHashOf(wish),
      notAfter: new Date(now.getTime() + DAY).toISOString(),
      acceptedAt: now.toISOString(),
      correlationId,
      causationId: null,
      hops: 0,
      ...(traceparent && { traceparent }),
      data: wish.data,
    };
  }

  private glance(command: Command, { asking }: Order): Promise<Outcome | null> {
    return this.known(this.outcomes.glance(command.commandId, asking), command);
  }

  /** Null when there is none yet, or nobody can say: the command stands either way. */
  private async known(outcome: Promise<Outcome | null>, { commandId }: Command): Promise<Outcome | null> {
    try {
      return await outcome;
    } catch (error) {
      this.parts.logger.warn({ err: error, commandId }, 'the outcome cannot be asked for now');
      return null;
    }
  }

  private settled(
    outcome: Outcome,
    command: Command,
    { preference, asking }: Order,
    headers: Readonly<Record<string, string>>,
  ): Settled {
    if (outcome.requestHash !== command.requestHash) {
      const detail = 'This Idempotency-Key was used for another body.';
      throw new RefusedWith(refuse('IDEMPOTENCY_KEY_REUSED', 'invalid', detail), {
        headers: { 'idempotency-key': headers['idempotency-key'] ?? '' },
      });
    }
    const refusal = outcomeRefusal(outcome);
    if (refusal) {
      throw new RefusedWith(refusal, { headers });
    }
    if (!visibleTo(asking.caller, outcome.resource)) {
      throw new Refused(refuse('WRN_NOT_FOUND', 'not-found', 'There is no such warning.'));
    }
    const tagged =
      outcome.aggregateVersion === null ? headers : { ...headers, etag: `"${outcome.aggregateVersion}"` };
    return preference.minimal
      ? { status: 204, headers: tagged, body: null }
      : { status: 200, headers: tagged, body: outcome.resource };
  }

  private onItsWay(
    command: Command,
    { scope, asking }: Order,
    headers: Readonly<Record<string, string>>,
  ): Settled {
    const acceptedAt = new Date(command.acceptedAt);
    const token = tokenOf(this.parts.secrets, {
      commandId: command.commandId,
      tenant: command.tenant,
      keyId: asking.caller.keyId,
      scope,
      requestHash: command.requestHash,
      acceptedAt,
    });
    return {
      status: 202,
      headers: { ...headers, location: `/v1/operations/${token}`, 'retry-after': '1' },
      body: { status: 'pending', acceptedAt: acceptedAt.toISOString(), completedAt: null },
    };
  }
}
