import { colours, RiskEventSummary, WarningPage, type Colour } from '@linli/contracts';
import { Api } from '../client/api.js';
import { exitCode, type ExitCode } from '../exit-code.js';
import { colourNames } from '../print/palette.js';
import type { Terminal } from '../terminal.js';
import type { Connection } from './connection.js';

/** Counting stops here; a district with more open warnings has other worries than their exact number. */
const COUNTED_AT_MOST = 1000;

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

/** `linli status`: is it ready, and what does it hold. */
export const showStatus = async ({ url, key, json }: Connection, terminal: Terminal): Promise<ExitCode> => {
  const status = await look(new Api(url, key));
  const { ready, readiness, events, warnings } = status;
  if (json) terminal.out(JSON.stringify(status));
  else {
    terminal.out(`${url}: ${ready ? 'ready' : `not ready ${JSON.stringify(readiness)}`}`);
    terminal.out(
      `events    ${events.stored} stored (${events.counting} counting now), ${events.duplicates} duplicates, ${events.quarantined} in quarantine`,
    );
    const counts = colours
      .toReversed()
      .map((colour) => `${warnings[colour]} ${colour} ${colourNames[colour]}`);
    terminal.out(`warnings  ${counts.join(', ')}`);
  }
  return ready ? exitCode.ok : exitCode.problems;
};
