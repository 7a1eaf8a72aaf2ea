import kafkajs, { type LogEntry } from 'kafkajs';
import type { LogLogger } from '../position.js';

/** What kafkajs reports as errors while a cluster starts or shifts; it tries again by itself. */
const passing =
  /coordinator|not available|not the leader|leader-follower|rebalanc|leadership election|not aware of this member/iu;

const QUIET_MS = 10_000;

/**
 * kafkajs cries out at every retry. Its words go to our logger: the same warning once in ten seconds (whoever called
 * gets the error and reports it), the passing ones once at info, everything else at debug.
 */
export const quietly = (logger: LogLogger | undefined): ((entry: LogEntry) => void) => {
  const told = new Map<string, number>();
  const isNews = (text: string, forMs: number): boolean => {
    const now = performance.now();
    const last = told.get(text);
    if (last !== undefined && now - last < forMs) return false;
    if (told.size > 1_000) told.clear();
    told.set(text, now);
    return true;
  };
  return ({ namespace, level, log }) => {
    if (!logger) return;
    const { message, error } = log as { message: string; error?: unknown };
    const line = { part: `kafkajs ${namespace}`, error: error instanceof Error ? error.message : error };
    const text = `${message} ${String(line.error)}`;
    if (passing.test(text))
      logger[isNews('passing', Number.POSITIVE_INFINITY) ? 'info' : 'debug'](line, message);
    else if (level === kafkajs.logLevel.ERROR)
      logger[isNews(text, QUIET_MS) ? 'warn' : 'debug'](line, message);
    else logger.debug(line, message);
  };
};
