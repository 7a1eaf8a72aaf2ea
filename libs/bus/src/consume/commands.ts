import type { Command, Outcome, ReplayedMessage } from '@linli/contracts';
import { allOf, refuse, type Refusal } from '@linli/kernel';
import { failpoint } from '../failpoint.js';
import type { Answer } from '../handling.js';
import { isOperators } from '../operate/operators-type.js';
import { readCommand } from '../wire/command-record.js';
import type { ParkedMessage } from '../store/bus-store.js';
import type { Decoded } from '../wire/decoded.js';
import type { Signer } from '../wire/signer.js';
import type { Chunk } from './chunk.js';
import { itemsOf } from './item.js';
import type { Handlers, Kind, Ready } from './kind.js';
import { TRACEPARENT, type BusWatch } from '../watch.js';
import type { Tally } from './tally.js';

/** A command this many messages away from its first cause is a loop, and ends here. */
const MAX_HOPS = 16;

const outcomeOf = (command: Command, chunk: { readonly now: Date }): Omit<Outcome, 'status'> => ({
  commandId: command.commandId,
  tenant: command.tenant,
  requestHash: command.requestHash,
  aggregateId: command.aggregateId,
  resource: null,
  aggregateVersion: null,
  refusal: null,
  completedAt: chunk.now.toISOString(),
});

const refused = (
  command: Command,
  chunk: { readonly now: Date },
  { code, kind, detail, flaws }: Refusal,
): Outcome => ({
  ...outcomeOf(command, chunk),
  status: 'refused',
  refusal: { code, kind, detail, ...(flaws && { flaws: [...flaws] }) },
});

const answered = (command: Command, chunk: { readonly now: Date }, answer: Answer): Outcome =>
  'refusal' in answer
    ? refused(command, chunk, answer.refusal)
    : {
        ...outcomeOf(command, chunk),
        status: 'done',
        resource: answer.resource,
        aggregateVersion: answer.version,
      };

const replayed = (
  { commandId, type }: Command,
  { status, refusal }: Pick<Outcome, 'status' | 'refusal'>,
  detail: string | null,
): ReplayedMessage => ({ id: commandId, type, status, code: refusal?.code ?? null, detail });

export interface CommandsParts<Tx> {
  readonly handlers: Handlers<Tx>['commands'];
  readonly before?: Handlers<Tx>['beforeCommands'];
  readonly signer: Signer;
  readonly tally: Tally;
  readonly watch?: BusWatch | undefined;
}

interface Execution {
  readonly command: Command;
  readonly topic: string;
  readonly appendedAt: Date;
  readonly traceparent: string | null;
}

/** Runs one command through its handler, or says why it is not run. */
const execute = async <Tx>(
  { handlers, watch }: CommandsParts<Tx>,
  chunk: Chunk<Tx>,
  { command, appendedAt, topic, traceparent }: Execution,
): Promise<Outcome> => {
  if (chunk.now.getTime() > Date.parse(command.notAfter)) {
    return { ...outcomeOf(command, chunk), status: 'expired' };
  }
  if (command.hops >= MAX_HOPS) {
    return refused(
      command,
      chunk,
      refuse('BUS_LOOP', 'conflict', `caused by ${command.hops} messages in a row`),
    );
  }
  const handler = handlers.get(command.type);
  if (!handler) throw new Error(`no handler for command ${command.type}`);
  failpoint('in-command');
  const told = chunk.told.entries.length;
  const run = () => handler.handle(command, chunk.told.handling(chunk.tx, causeOf(command), appendedAt));
  const { type, correlationId } = command;
  const answer = await (watch?.handler({ type, topic, correlationId, traceparent }, run) ?? run());
  if ('refusal' in answer && chunk.told.entries.length > told) {
    throw new Error(`${command.type} was refused with ${answer.refusal.code} but told something`);
  }
  return answered(command, chunk, answer);
};

const causeOf = ({ correlationId, commandId, principal, hops }: Command) => ({
  correlationId,
  causationId: commandId,
  commandId,
  principal,
  hops,
});

const decodeCommand = <Tx>(
  decoded: Decoded<Command>,
  handlers: Handlers<Tx>['commands'],
): Decoded<Command> => {
  if (!('value' in decoded)) return decoded;
  const { type, version } = decoded.value;
  const known = handlers.get(type)?.version ?? Infinity;
  return version > known
    ? { halt: `command ${type} has version ${version}, this release reads ${known}: update it` }
    : decoded;
};

/** Commands: an outcome for each, once; what fails for good parks its aggregate. */
export class Commands<Tx> implements Kind<Tx, Command> {
  constructor(private readonly parts: CommandsParts<Tx>) {}

  decode(record: Ready<Command>['item']['record']) {
    return itemsOf(record, [decodeCommand(readCommand(record, this.parts.signer), this.parts.handlers)]);
  }

  async apply(chunk: Chunk<Tx>, ready: readonly Ready<Command>[]): Promise<void> {
    const keys = [...new Set(ready.map(({ value }) => value.aggregateId))];
    const [fresh, parked] = await allOf([
      this.unseen(chunk, ready),
      chunk.store.parking.parkedAmong(chunk.tx, chunk.group, keys),
    ]);
    const runs = fresh.filter(
      ({ value }) => this.parts.handlers.has(value.type) && !parked.has(value.aggregateId),
    );
    await this.prepare(
      chunk,
      runs.map(({ value }) => value),
    );
    for (const one of fresh) {
      if (!this.parts.handlers.has(one.value.type)) this.reject(chunk, one);
      else if (parked.has(one.value.aggregateId)) this.queue(chunk, one);
      else await this.handle(chunk, one);
    }
  }

  async setAside(chunk: Chunk<Tx>, ready: Ready<Command>, error: unknown): Promise<void> {
    const [fresh] = await this.unseen(chunk, [ready]);
    if (!fresh) return;
    if (!this.parts.handlers.has(fresh.value.type)) {
      this.reject(chunk, fresh);
      return;
    }
    chunk.park(fresh.value.aggregateId, error);
    this.queue(chunk, fresh);
  }

  /** Replays a parked command: as if it came now, in its place. */
  async replay(
    chunk: Chunk<Tx>,
    command: Command,
    { appendedAt, topic }: Pick<ParkedMessage, 'appendedAt' | 'topic'>,
  ): Promise<void> {
    const [known] = await chunk.store.outcomes.find(chunk.tx, [command.commandId]);
    if (known && known.status !== 'parked') return;
    const execution = { command, topic, appendedAt, traceparent: command.traceparent ?? null };
    await this.prepare(chunk, [command]);
    chunk.outcomes.push(await execute(this.parts, chunk, execution));
  }

  /** An operator changes what is parked: which must not be looked up before, nor written after, in the same chunk. */
  alone({ type }: Command): boolean {
    return isOperators(type);
  }

  async again(chunk: Chunk<Tx>, { item, value }: Ready<Command>): Promise<ReplayedMessage> {
    const [known] = await chunk.store.outcomes.find(chunk.tx, [value.commandId]);
    if (known && known.status !== 'parked') return replayed(value, known, 'it was done before');
    if (!this.parts.handlers.has(value.type)) throw new Error(`no handler for command ${value.type}`);
    const parked = await chunk.store.parking.parkedAmong(chunk.tx, chunk.group, [value.aggregateId]);
    if (parked.size > 0) {
      this.queue(chunk, { item, value });
      return replayed(value, { status: 'parked', refusal: null }, 'its key is parked: it waits there now');
    }
    await this.prepare(chunk, [value]);
    await this.handle(chunk, { item, value });
    const outcome = chunk.outcomes.at(-1);
    if (!outcome) throw new Error(`${value.type} left no outcome`);
    return replayed(value, outcome, outcome.refusal?.detail ?? null);
  }

  /** Whoever waits for it gets a refusal that says so. */
  async discard(chunk: Chunk<Tx>, command: Command, reason: string): Promise<void> {
    const why = refuse('OPS_DISCARDED', 'conflict', `An operator discarded it: ${reason}`);
    chunk.outcomes.push(refused(command, chunk, why));
  }

  private async prepare(chunk: Chunk<Tx>, commands: readonly Command[]): Promise<void> {
    const { before } = this.parts;
    if (!before || commands.length === 0) return;
    const { tx, now, told } = chunk;
    const beforeCommit = (work: () => Promise<void>): void => void told.endings.push(work);
    const afterCommit = (work: () => void): void => void told.works.push(work);
    await before(commands, { tx, now, beforeCommit, afterCommit });
  }

  private async handle(chunk: Chunk<Tx>, { item, value }: Ready<Command>): Promise<void> {
    const { topic, appendedAt, headers } = item.record;
    const traceparent = headers[TRACEPARENT] ?? value.traceparent ?? null;
    chunk.outcomes.push(await execute(this.parts, chunk, { command: value, topic, appendedAt, traceparent }));
  }

  /** Also behind a parked key: waiting there, it could only hold up the others for ever. */
  private reject(chunk: Chunk<Tx>, { item, value }: Ready<Command>): void {
    chunk.reject(item, `no handler for command ${value.type}`);
    chunk.outcomes.push({ ...outcomeOf(value, chunk), status: 'parked' });
  }

  private queue(chunk: Chunk<Tx>, { item, value }: Ready<Command>): void {
    chunk.queue(value.aggregateId, item, value);
    chunk.outcomes.push({ ...outcomeOf(value, chunk), status: 'parked' });
  }

  /** Without the ids that have an outcome, and without the second of two in the chunk. An outcome is never replaced. */
  private async unseen(chunk: Chunk<Tx>, ready: readonly Ready<Command>[]): Promise<Ready<Command>[]> {
    const ids = ready.map(({ value }) => value.commandId);
    const outcomes = ids.length > 0 ? await chunk.store.outcomes.find(chunk.tx, ids) : [];
    const seen = new Set(outcomes.map((outcome) => outcome.commandId));
    return ready.filter(({ value }) => {
      const known = seen.has(value.commandId);
      seen.add(value.commandId);
      if (known) this.parts.tally.duplicates += 1;
      return !known;
    });
  }
}
