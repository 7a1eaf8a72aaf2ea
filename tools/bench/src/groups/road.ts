import { setTimeout as delay } from 'node:timers/promises';
import { startHose, type Hose } from '../load/run-hose.js';
import type { BenchOptions } from '../options.js';
import { figureOf } from '../report/targets.js';
import type { Group, Measured, RoundLength, Row, Sample } from '../rounds.js';
import { forgetStatements, statementLines, statementsOf } from '../profile/statements.js';
import { startDistrict, type District, type Looking } from '../system/district.js';
import { copyRow } from './copy.js';
import { millionRows } from './million.js';
import { nestRoad } from './nest-road.js';
import { RoadDatabase } from './road-database.js';
import { notesOf } from './settings.js';
import { roadRound, steady } from './steady.js';
import { visible } from './visible.js';

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
/** (b) with many events stored is made of so many copies of what the system stored itself. */
const COPIES = 12;

interface Opened {
  readonly road: Road;
  readonly quiet: Hose;
  readonly rising: Hose;
  readonly ends: (() => Promise<void>)[];
  readonly close: () => Promise<void>;
}

const open = async (looking: Looking): Promise<Opened> => {
  const district = await startDistrict(looking);
  const { env } = district.stack;
  const ends: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
    await district.stop();
  };
  try {
    await district.startRisk();
    const database = await RoadDatabase.overKafka(env.DATABASE_URL, env.KAFKA_BROKERS);
    ends.push(() => database.close());
    const quiet = await startHose(district.url, { name: 'q', rising: 0, seed: 2 });
    ends.push(() => quiet.end());
    const rising = await startHose(district.url, { name: 'r', rising: 0.02, seed: 3 });
    ends.push(() => rising.end());
    return { road: new Road(district, database), quiet, rising, ends, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** Rows (b), with and without warnings, (e) and (f): from accepted to stored. Afterwards, how soon a warning is seen. */
export const openRoad = async ({ only, ...options }: BenchOptions): Promise<Group> => {
  const opened = await open(options);
  const { road, quiet, rising, ends, close } = opened;
  const { district, database } = road;
  try {
    const withWarnings = road.row('b+', 'end to end, 2 in 100 events raise a warning', rising);
    const rows: Row[] = [];
    if (only.has('b'))
      rows.push(road.row('b', 'end to end, scored and stored, no warnings', quiet), withWarnings);
    if (only.has('e')) {
      await road.fill(quiet, COPIED);
      rows.push(await copyRow(database.client, COPIED, () => district.stack.postgres.pid()));
    }
    if (only.has('f')) {
      const nest = await nestRoad(district, database.client);
      ends.push(() => nest.end());
      rows.push(nest.row);
    }
    const after = async (measured: readonly Measured[]): Promise<Measured[]> => {
      if (!only.has('visible')) return [];
      const known = measured.find(({ id }) => id === 'b+');
      const rate = known ? figureOf(known) : (await withWarnings.round(options)).value;
      return [await visible(district.url, database.client, rate, options)];
    };
    if (options.explain) await forgetStatements(district.stack);
    const report = async (): Promise<string[]> =>
      options.explain ? statementLines(await statementsOf(district.stack)) : [];
    return { rows, notes: await notesOf(district), after, report, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** (b) again, with many events stored. */
export const openStored = async (options: BenchOptions): Promise<Group> => {
  const { road, quiet, close } = await open(options);
  const { stored } = options;
  try {
    await road.fill(quiet, Math.ceil(stored / COPIES));
    return { rows: await millionRows(road.district, road.database, quiet, stored), close };
  } catch (error) {
    await close();
    throw error;
  }
};
