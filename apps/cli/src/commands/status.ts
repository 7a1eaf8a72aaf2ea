import { setTimeout as pause } from 'node:timers/promises';
import { colours, OpsStatus, RiskEventSummary, WarningPage, type Colour } from '@linli/contracts';
import { Api } from '../client/api.js';
import { Declined } from '../client/faults.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { serviceLines } from '../ops/services.js';
import { colourNames, paintFor } from '../print/palette.js';
import type { Terminal } from '../terminal.js';
import type { Connection } from './connection.js';

/** Counting stops here; a district with more open warnings has other worries than their exact number. */
const COUNTED_AT_MOST = 1000;

const WATCH_MS = 2000;

export interface StatusOptions extends Connection {
  readonly watch?: boolean;
  /** Ends the watching; absent: an interrupt does. */
  readonly signal?: AbortSignal;
}

export interface Status {
  readonly ready: boolean;
  readonly readiness: unknown;
  readonly events: { stored: number; duplicates: number; quarantined: number; counting: number };
  readonly warnings: Readonly<Record<Colour, string>>;
}

const countWarnings = async (api: Api, colour: Colour): Promise<string> => {
  let count = 0;
  for (let cursor: string | null = ''; cursor !== null;) {
    if (count >= COUNTED_AT_MOST) return `${COUNTED_AT_MOST}+`;
    const more: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const page: WarningPage = await api.get(`/v1/warnings?colour=${colour}&limit=100${more}`, WarningPage);
    count += page.items.length;
    cursor = page.next;
  }
  return String(count);
};

const look = async (api: Api): Promise<Status> => {
  const { status, body } = await api.once('/readyz', {});
  const { stored, duplicates, quarantined, counting } = await api.get(
    '/v1/risk-events/summary',
    RiskEventSummary,
  );
  const warnings = { red: '', orange: '', yellow: '' };
  for (const colour of colours) warnings[colour] = await countWarnings(api, colour);
  return {
    ready: status === 200,
    readiness: body,
    events: { stored, duplicates, quarantined, counting },
    warnings,
  };
};

/** What operators see; null for a key without the scope, or a system that does not tell. */
const operationsOf = async (api: Api): Promise<OpsStatus | null> => {
  try {
    return await api.get('/v1/ops/status', OpsStatus);
  } catch (error) {
    if (error instanceof Declined && (error.status === 403 || error.status === 404)) return null;
    throw error;
  }
};

const holdingLines = (url: string, { ready, readiness, events, warnings }: Status): string[] => {
  const counts = colours.toReversed().map((colour) => `${warnings[colour]} ${colour} ${colourNames[colour]}`);
  return [
    `${url}: ${ready ? 'ready' : `not ready ${JSON.stringify(readiness)}`}`,
    `events    ${events.stored} stored (${events.counting} counting now), ${events.duplicates} duplicates, ${events.quarantined} in quarantine`,
    `warnings  ${counts.join(', ')}`,
  ];
};

const showOnce = async (api: Api, { json }: StatusOptions, terminal: Terminal): Promise<ExitCode> => {
  const [status, operations] = [await look(api), await operationsOf(api)];
  terminal.clear();
  if (json) terminal.out(JSON.stringify({ ...status, operations }));
  else {
    holdingLines(api.url, status).forEach((line) => terminal.out(line));
    if (operations) serviceLines(operations, paintFor(terminal.colour)).forEach((line) => terminal.out(line));
    else terminal.err('the key lacks the scope ops: services, lag and what is stuck are not shown');
  }
  return status.ready && (operations?.ok ?? true) ? exitCode.ok : exitCode.problems;
};

/** `linli status`: is it ready, what does it hold, what is late or stuck. With `--watch` until it is interrupted. */
export const showStatus = async (options: StatusOptions, terminal: Terminal): Promise<ExitCode> => {
  const { url, key, watch = false, signal } = options;
  const api = new Api(url, key);
  const once = { ...terminal, clear: watch ? () => terminal.clear() : () => undefined };
  for (;;) {
    const code = await showOnce(api, options, once);
    if (!watch || signal?.aborted) return code;
    await pause(WATCH_MS, undefined, signal && { signal }).catch(() => undefined);
  }
};
