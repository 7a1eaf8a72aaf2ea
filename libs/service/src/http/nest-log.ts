import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Nest's own messages in our log; its start-up chatter is for debugging only. */
export const nestLog = (logger: Logger): LoggerService => {
  const at =
    (level: 'debug' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...context: unknown[]): void => {
      const cause = message instanceof Error ? { err: message } : {};
      logger[level]({ ...cause, nest: context.filter((part) => typeof part === 'string') }, String(message));
    };
  return { log: at('debug'), debug: at('debug'), verbose: at('debug'), warn: at('warn'), error: at('error') };
};
