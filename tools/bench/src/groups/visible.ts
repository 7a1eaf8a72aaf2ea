import { BOOTSTRAP_KEY } from '@linli/testing';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { companion } from '../load/companion.js';
import { startHose } from '../load/run-hose.js';
import type { WatcherAnswer, WatcherOptions } from '../load/watcher-wire.js';
import type { Measured, RoundLength } from '../rounds.js';
import { percentile } from '../statistics.js';

const BATCH = 100;
const EVERY_MS = 50;
const SEEN_WITHIN_MS = 15_000;

/** Where the time goes (medians): until the chunk that stores the signal begins, until the one that raises the warning. */
const stages = async (database: Client, since: Date): Promise<{ toStoredMs: number; toRaisedMs: number }> => {
  const { rows } = await database.query<{ stored: number; raised: number }>(
    `
    select percentile_cont(0.5) within group (order by extract(epoch from e.stored_at - e.received_at)) * 1000 as stored,
      percentile_cont(0.5) within group (order by extract(epoch from w.raised_at - e.stored_at)) * 1000 as raised
    from risk.risk_event e join risk.warning w on w.place_id = e.place_id
    where w.raised_at >= $1 and e.received_at >= $1`,
    [since],
  );
  return { toStoredMs: rows[0]?.stored ?? 0, toRaisedMs: rows[0]?.raised ?? 0 };
};

/**
 * From the POST of one signal that raises a warning until the stream shows that warning, while other events come at half
 * of the rate that the system keeps up with. The load is open: it does not wait for the system.
 */
export const visible = async (
  url: string,
  database: Client,
  rate: number,
  length: RoundLength,
): Promise<Measured> => {
  const paceMs = (BATCH * 1000) / (rate / 2);
  const hose = await startHose(url, { name: 'h', rising: 0, seed: 7, batch: BATCH, paceMs });
  const options: WatcherOptions = { url, key: BOOTSTRAP_KEY, everyMs: EVERY_MS, seed: 8, now: Date.now() };
  const watcher = await companion('load/watcher.js', options);
  const since = new Date();
  try {
    hose.go();
    watcher.tell('go');
    await delay(length.warmUpMs);
    await watcher.ask<WatcherAnswer>('mark');
    watcher.tell('go');
    await delay(length.measureMs * 3);
    let { tookMs, unseen } = await watcher.ask<WatcherAnswer>('mark');
    const seen = [...tookMs];
    for (const end = performance.now() + SEEN_WITHIN_MS; unseen > 0; await delay(100)) {
      if (performance.now() > end) throw new Error(`${unseen} warnings never came through the stream`);
      ({ tookMs, unseen } = await watcher.ask<WatcherAnswer>('mark'));
      seen.push(...tookMs);
    }
    await hose.drain();
    const more = {
      p99Ms: percentile(seen, 0.99),
      mostMs: Math.max(...seen),
      warnings: seen.length,
      load: rate / 2,
      ...(await stages(database, since)),
    };
    const title = 'POST to warning visible through the stream, at half load (p50)';
    return { id: 'visible', title, unit: 'ms', samples: [{ value: percentile(seen, 0.5), more }] };
  } finally {
    await watcher.end();
    await hose.end();
  }
};
