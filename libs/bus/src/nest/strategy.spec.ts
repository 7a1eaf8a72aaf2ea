import 'reflect-metadata';
import { Controller, type Type } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { defer, of } from 'rxjs';
import type { Command, FactEnvelope, TopicSpec } from '@linli/contracts';
import type { Consumes } from '../bus.js';
import type { Handlers } from '../consume/kind.js';
import { aCommand, connectionLost } from '../consume/workbench.js';
import type { Answer, Handling, StreamItem } from '../handling.js';
import { CommandHandler, FactHandler, StreamHandler } from './decorators.js';
import { handlersOf, wiringFaults } from './handlers.js';
import { BusStrategy } from './strategy.js';

const spec = (name: string, holds: TopicSpec['holds']): TopicSpec => ({ name, partitions: 1, holds });
const commands: Consumes = { topic: spec('test.commands.v1', 'commands'), kind: 'commands' };
const facts: Consumes = { topic: spec('test.facts.v1', 'facts'), kind: 'facts' };
const intake: Consumes = { topic: spec('test.intake.v1', 'intake'), kind: 'stream' };

@Controller()
class Doors {
  readonly heard: unknown[] = [];

  @CommandHandler('test.promise', 2)
  async promise(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    return { resource: [command.data, handling.now], version: 4 };
  }

  @CommandHandler('test.observable')
  observable() {
    return of({ resource: 'seen', version: 1 });
  }

  @CommandHandler('test.away')
  async away(): Promise<Answer> {
    throw connectionLost();
  }

  @CommandHandler('test.observed-away')
  observedAway() {
    return defer(() => Promise.reject(connectionLost()));
  }

  @CommandHandler('test.speechless')
  async speechless(): Promise<void> {}

  @StreamHandler(intake.topic)
  async take(@Payload() items: StreamItem[], @Ctx() handling: Handling): Promise<void> {
    this.heard.push(items, handling.now);
  }

  @FactHandler('linli.test.done.v1')
  async hear(@Payload() fact: FactEnvelope): Promise<void> {
    this.heard.push(fact.id);
  }
}

const start = async (controller: Type): Promise<{ handlers: Handlers<unknown>; doors: Doors }> => {
  let handlers: Handlers<unknown> | undefined;
  const strategy = new BusStrategy({
    start: async (found) => void (handlers = handlersOf(found)),
    drain: async () => undefined,
  });
  const module = await Test.createTestingModule({ controllers: [controller] }).compile();
  const app = module.createNestMicroservice({ strategy, logger: false });
  try {
    await app.listen();
  } finally {
    await app.close();
  }
  if (!handlers) throw new Error('not started');
  return { handlers, doors: module.get(controller) };
};

const handling = { now: new Date(0) } as Handling<unknown>;
const run = async (type: string): Promise<unknown> => {
  const { handlers } = await start(Doors);
  return handlers.commands.get(type)?.handle(aCommand(1), handling);
};

describe('handlers that Nest found', () => {
  it('are called with the message and the handling, and answer by a promise or an Observable', async () => {
    expect(await run('test.promise')).toEqual({ resource: [{ n: 1 }, new Date(0)], version: 4 });
    expect(await run('test.observable')).toEqual({ resource: 'seen', version: 1 });
  });

  it('let the bus see the error itself, with its code', async () => {
    await expect(run('test.away')).rejects.toMatchObject({
      code: '57P01',
      message: 'terminating connection',
    });
    await expect(run('test.observed-away')).rejects.toMatchObject({ code: '57P01' });
  });

  it('fail when a command got no answer', async () => {
    await expect(run('test.speechless')).rejects.toThrow('must answer { resource, version } or { refusal }');
  });

  it('are sorted by what they were declared as', async () => {
    const { handlers, doors } = await start(Doors);
    expect(handlers.commands.get('test.promise')?.version).toBe(2);
    await handlers.streams.get('test.intake.v1')?.([{ item: 1, appendedAt: new Date(1) }], handling);
    await handlers.facts.get('linli.test.done.v1')?.({ id: 'f' } as FactEnvelope, handling);
    expect(doors.heard).toEqual([[{ item: 1, appendedAt: new Date(1) }], new Date(0), 'f']);
    expect(wiringFaults([commands, facts, intake], handlers)).toEqual([]);
  });

  it('must not be two for one type', async () => {
    @Controller()
    class Twice {
      @CommandHandler('test.do')
      async one(): Promise<void> {}
      @CommandHandler('test.do')
      async two(): Promise<void> {}
    }
    await expect(start(Twice)).rejects.toThrow('two handlers for test.do');
  });

  it('must be declared by the decorators of the bus', async () => {
    @Controller()
    class Bare {
      @MessagePattern('test.do')
      async one(): Promise<void> {}
    }
    await expect(start(Bare)).rejects.toThrow('test.do: declare it with @CommandHandler');
  });

  it('must be there for every topic that is consumed, and be reached by one', async () => {
    @Controller()
    class Some {
      @CommandHandler('test.do')
      async one(): Promise<void> {}
      @StreamHandler('test.unknown.v1')
      async two(): Promise<void> {}
    }
    const { handlers } = await start(Some);
    expect(wiringFaults([facts, intake], handlers)).toEqual([
      'test.facts.v1 (facts) is consumed but has no handler',
      'test.intake.v1 (stream) is consumed but has no handler',
      'test.unknown.v1 has a handler but nothing is consumed that could reach it',
      'test.do has a handler but nothing is consumed that could reach it',
    ]);
  });
});
