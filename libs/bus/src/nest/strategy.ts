import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';

export interface StrategyActions {
  /** Begins to consume with what Nest found. */
  start(handlers: ReadonlyMap<string, MessageHandler>): Promise<void>;
  drain(): Promise<void>;
}

/** Lets Nest find the handlers and say when to begin and to end; the bus does the rest. */
export class BusStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('linli.bus');

  constructor(private readonly actions: StrategyActions) {
    super();
  }

  /** Nest would let the second handler of a pattern replace the first. */
  override addHandler(
    pattern: unknown,
    handler: MessageHandler,
    isEventHandler = false,
    extras: Record<string, unknown> = {},
  ): void {
    const type = this.normalizePattern(pattern as string);
    if (this.messageHandlers.has(type)) throw new Error(`two handlers for ${type}`);
    if (!extras['kind']) {
      throw new Error(`${type}: declare it with @CommandHandler, @StreamHandler or @FactHandler`);
    }
    super.addHandler(pattern, handler, isEventHandler, extras);
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      await this.actions.start(this.messageHandlers);
      callback();
    } catch (error) {
      callback(error);
    }
  }

  close(): Promise<void> {
    return this.actions.drain();
  }

  on(event: string): never {
    throw new Error(`the bus has no event ${event}: ask for state()`);
  }

  unwrap(): never {
    throw new Error('nothing is wrapped: what the bus consumes is behind its log port');
  }
}
