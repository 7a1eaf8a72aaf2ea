import { RISK_INTAKE } from '@linli/contracts';
import { setTimeout as delay } from 'node:timers/promises';
import { startHose, type Hose } from '../load/run-hose.js';
import type { BenchOptions } from '../options.js';
import type { Group, RoundLength, Row, Sample } from '../rounds.js';
import { startDistrict, type District } from '../system/district.js';
import { cpuOf } from '../system/processes.js';
import { copyRow } from './copy.js';
import { perUnit } from './measure.js';
import { nestRoad } from './nest-road.js';
import { RoadDatabase } from './road-database.js';

/** Events that may wait between the gateway and the risk service: enough to keep it busy, and bounded. */
const BACKLOG = { most: 12_000, least: 6_000 };

/** Keeps the backlog between its bounds until it is told to stop. */
const steady = (hose: Hose, database: RoadDatabase) => {
  let running = true;
  const keep = async (): Promise<void> => {
    const before = await database.lag(RISK_INTAKE.name);
    const began = (await hose.mark()).accepted;
    for (hose.go(); running; await delay(50)) {
      const [{ lag, end }, { accepted }] = [await database.lag(RISK_INTAKE.name), await hose.mark()];
      const records = end - before.end;
      const waiting = records === 0 ? 0 : ((accepted - began) * lag) / records;
      if (waiting > BACKLOG.most) hose.hold();
      else if (waiting < BACKLOG.least) hose.go();
    }
  };
  const kept = keep();
  return {
    kept,
    stop: async (): Promise<void> => {
      running = false;
      await kept;
    },
  };
};

/** Accepted to scored and stored, in a steady state; the rows are counted afterwards by the time written on them. */
export const roadRound = async (
  hose: Hose,
  database: RoadDatabase,
  pids: () => Record<string, number>,
  { warmUpMs, measureMs }: RoundLength,
): Promise<Sample> => {
  const before = await database.number('select count(*) from risk.risk_event');
  const loop = steady(hose, database);
  const accepted = (await hose.mark()).accepted;
  await Promise.race([delay(warmUpMs), loop.kept]);
  const [from, cpuFrom] = [new Date(), cpuOf({ ...pids(), load: hose.pid })];
  await Promise.race([delay(measureMs), loop.kept]);
  const [to, cpuTo] = [new Date(), cpuOf({ ...pids(), load: hose.pid })];
  await loop.stop();
  const sent = (await hose.drain()).accepted - accepted;
  await database.drained();
  const stored = (await database.number('select count(*) from risk.risk_event')) - before;
  if (stored !== sent) throw new Error(`${sent} events were accepted and ${stored} stored`);
  const events = await database.storedBetween(from, to);
  const warnings = await database.number(
    `select count(*) from risk.warning where raised_at >= '${from.toISOString()}' and raised_at < '${to.toISOString()}'`,
  );
  const seconds = (to.getTime() - from.getTime()) / 1000;
  return {
    value: events / seconds,
    cpuUs: perUnit(cpuFrom, cpuTo, events),
    more: { warningsPerSecond: warnings / seconds },
  };
};

/** Rows of the system's own, on one district: the services run through all rounds, as they do with users. */
class Road {
  constructor(
    readonly district: District,
    readonly database: RoadDatabase,
  ) {}

  row(id: string, title: string, hose: Hose): Row {
    const round = (length: RoundLength): Promise<Sample> =>
      roadRound(hose, this.database, () => this.district.pids(), length);
    return { id, title, unit: 'events/s', round };
  }

  /** Posts until so many events are stored. */
  async fill(hose: Hose, events: number): Promise<void> {
    const loop = steady(hose, this.database);
    while ((await hose.mark()).accepted < events) await Promise.race([delay(50), loop.kept]);
    await loop.stop();
    await hose.drain();
    await this.database.drained();
  }
}

/** Rows of the copies of (e): what the system stored of them before. */
const COPIED = 30_000;

/** Rows (b), with and without warnings, and (e), and (f): from accepted to stored. */
export const openRoad = async ({ only, profile }: BenchOptions): Promise<Group> => {
  const district = await startDistrict(profile);
  const { env } = district.stack;
  const ends: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends) await end();
    await district.stop();
  };
  try {
    await district.startRisk();
    const database = await RoadDatabase.overKafka(env.DATABASE_URL, env.KAFKA_BROKERS);
    ends.push(() => database.close());
    const road = new Road(district, database);
    const quiet = await startHose(district.url, { name: 'q', rising: 0, seed: 2 });
    ends.push(() => quiet.end());
    const rows: Row[] = [];
    if (only.has('b')) {
      const rising = await startHose(district.url, { name: 'r', rising: 0.02, seed: 3 });
      ends.push(() => rising.end());
      rows.push(
        road.row('b', 'end to end, scored and stored, no warnings', quiet),
        road.row('b+', 'end to end, 2 in 100 events raise a warning', rising),
      );
    }
    if (only.has('e')) {
      await road.fill(quiet, COPIED);
      rows.push(await copyRow(database.client, COPIED, () => district.stack.postgres.pid()));
    }
    if (only.has('f')) {
      const nest = await nestRoad(district, database.client);
      ends.push(() => nest.end());
      rows.push(nest.row);
    }
    return { rows, close };
  } catch (error) {
    await close();
    throw error;
  }
};
