import {
  BulkReplay,
  OpsOrder,
  Outcome,
  ResumeOrder,
  type Command,
  type OpsCommandType,
  type Principal,
} from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { Caller, zodPipe } from '@linli/service';
import { Body, Controller, Inject, Param, Req, Res, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requireEverywhere } from '../../access/operator.js';
import { leaving } from '../../api/leaving.js';
import { sendLines } from '../../api/ndjson.js';
import { Serves } from '../../api/operation.js';
import {
  discardDeadLetter,
  discardFirst,
  releaseKey,
  replayDeadLetter,
  replayMany,
  resumePartition,
} from '../../api/ops-operations.js';
import { OpsClient, knownService, opsIdOf } from '../../clients/ops.js';
import type { Order } from '../command-door.js';
import { orderOf, settle } from '../order.js';
import { ServiceDoors } from '../service-doors.js';
import { derivedId } from '../wish.js';
import { bulkReplay } from './bulk-replay.js';

const BULK_WAIT_MS = 10_000;
const orderPipe = zodPipe(OpsOrder);
const resumePipe = zodPipe(ResumeOrder);
const bulkPipe = zodPipe(BulkReplay);

/** What an operator wants done, and where. */
interface Doing {
  readonly type: OpsCommandType;
  readonly service: string;
  readonly target: string;
  readonly data: object;
  readonly dryRun: boolean;
}

/** What operators do: commands to the owner of what is stuck. */
@Controller()
export class OpsController implements OnModuleDestroy {
  private readonly ending = new AbortController();

  constructor(
    @Inject(OpsClient) private readonly ops: OpsClient,
    @Inject(ServiceDoors) private readonly doors: ServiceDoors,
  ) {}

  /** A long replay ends before the server closes. */
  onModuleDestroy(): void {
    this.ending.abort();
  }

  @Serves(replayDeadLetter)
  replay(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(orderPipe) body: OpsOrder,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.tell(caller, request, reply, doing('ops.replay-dead-letter', id, body));
  }

  @Serves(discardDeadLetter)
  discard(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(orderPipe) body: OpsOrder,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.tell(caller, request, reply, doing('ops.discard-dead-letter', id, body));
  }

  @Serves(releaseKey)
  release(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(orderPipe) body: OpsOrder,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.tell(caller, request, reply, doing('ops.release-key', id, body));
  }

  @Serves(discardFirst)
  discardFirst(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(orderPipe) body: OpsOrder,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.tell(caller, request, reply, doing('ops.discard-first', id, body));
  }

  @Serves(resumePartition)
  resume(
    @Caller() caller: Principal,
    @Param() path: { service: string; topic: string; partition: string },
    @Body(resumePipe)
    { dryRun = false, position = null, reason }: Omit<ResumeOrder, 'position'> & { position?: number | null },
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { topic } = path;
    const data = { topic, partition: partitionOf(path.partition), position, reason };
    const target = `${topic}/${data.partition}`;
    const wanted = {
      type: 'ops.resume-partition',
      service: knownService(path.service),
      target,
      data,
    } as const;
    return this.tell(caller, request, reply, { ...wanted, dryRun });
  }

  @Serves(replayMany)
  replayMany(
    @Caller() caller: Principal,
    @Body(bulkPipe) wanted: BulkReplay,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const { service, reason, dryRun = false } = wanted;
    knownService(service);
    const order = this.orderOf(caller, request, reply, {
      ...{ type: 'ops.replay-dead-letter', service, target: '', data: {}, dryRun },
    });
    const { key } = order;
    const signal = AbortSignal.any([this.ending.signal, leaving(reply)]);
    const asking = { ...order.asking, signal };
    void reply.header('idempotency-key', key.key);
    const lines = bulkReplay(this.ops, wanted, asking, async ({ id: named }) => {
      const { id } = opsIdOf(named);
      const wish = { ...order.wish, aggregateId: aggregateOf(id), data: { id, reason } };
      const one: Order = {
        ...{ ...order, wish, key: { key: `${key.key}.${id}`.slice(-255), given: key.given } },
        preference: { ...order.preference, minimal: false, waitMs: BULK_WAIT_MS },
      };
      return (await this.place(one, service, dryRun)).body;
    });
    sendLines(reply, lines);
  }

  private async tell(caller: Principal, request: FastifyRequest, reply: FastifyReply, wanted: Doing) {
    const order = this.orderOf(caller, request, reply, wanted);
    return settle(reply, await this.place(order, wanted.service, wanted.dryRun));
  }

  private orderOf(
    caller: Principal,
    request: FastifyRequest,
    reply: FastifyReply,
    { type, target, data }: Doing,
  ): Order {
    requireEverywhere(caller);
    return orderOf(caller, request, reply, {
      ...{ type, aggregateId: aggregateOf(target), expectedVersion: null, data },
    });
  }

  private place(order: Order, service: string, dryRun: boolean) {
    const door = this.doors.of(service);
    const by = (path: string) => (command: Command) =>
      this.ops.ask(service, path, Outcome, { ...order.asking, body: command });
    if (dryRun) return door.takeByHand(order, by('/preview'));
    return order.wish.type === 'ops.resume-partition'
      ? door.takeByHand(order, by('/commands'))
      : door.take(order);
  }
}

/** Operators' commands are aggregates of their own: they never wait behind the key that they free. */
const aggregateOf = (target: string): string => derivedId('operate', target);

const doing = (type: OpsCommandType, named: string, { reason, dryRun = false }: OpsOrder): Doing => {
  const { service, id } = opsIdOf(named);
  return { type, service, target: id, data: { id, reason }, dryRun };
};

const partitionOf = (text: string): number => {
  if (/^[0-9]{1,6}$/u.test(text)) return Number(text);
  throw new Refused(refuse('OPS_PARTITION_NOT_FOUND', 'not-found', 'No such partition is consumed here.'));
};
