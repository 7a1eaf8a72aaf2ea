import { temporaryDir } from '@linli/testing';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startHose } from '../load/run-hose.js';
import type { BenchOptions } from '../options.js';
import type { Group, Measured, Row, Sample } from '../rounds.js';
import { startLinliProcess, type LinliProcess } from '../system/linli.js';
import { cpuMsOf, pssBytesOf } from '../system/processes.js';
import { measured } from './measure.js';
import { RoadDatabase } from './road-database.js';
import { roadRound } from './steady.js';

const SETTLE_MS = 60_000;
const STARTS = 3;

const startIn = (dir: string, profile: string | null): Promise<LinliProcess> =>
  startLinliProcess({
    environment: { LINLI_DATA_DIR: dir },
    profile: profile === null ? undefined : { dir: profile, name: 'embedded' },
  });

const answers = async (url: string): Promise<void> => {
  const { status } = await fetch(`${url}/readyz`);
  if (status !== 200) throw new Error(`says that it is ready, and /readyz answers ${status}`);
};

/** From nothing to ready: an empty folder, the database made in it, every table, both services. */
const firstStarts = async (): Promise<Measured> => {
  const samples: Sample[] = [];
  for (let n = 0; n < STARTS; n += 1) {
    const folder = temporaryDir('bench');
    const began = performance.now();
    const linli = await startIn(folder.path, null);
    await answers(linli.url);
    samples.push({ value: (performance.now() - began) / 1000 });
    await linli.stop();
    folder.remove();
  }
  return { id: 'ready', title: 'embedded: first start to ready', unit: 's', samples };
};

/** CPU of the process and the database below it while nobody asks anything. */
const idle = async (pid: number, ms: number): Promise<Measured> => {
  await delay(SETTLE_MS);
  const [from, began] = [cpuMsOf(pid), performance.now()];
  await delay(ms);
  const value = ((cpuMsOf(pid) - from) / (performance.now() - began)) * 100;
  const more = { memoryMb: pssBytesOf(pid) / 1e6 };
  return { id: 'idle', title: 'embedded: idle', unit: '% of a core', samples: [{ value, more }] };
};

/** Memory over the run, once a second; the figure is the most that was ever seen. */
const watchMemory = (pid: number): (() => Measured) => {
  const seen: number[] = [];
  const look = (): void => void seen.push(pssBytesOf(pid) / 1e6);
  const timer = setInterval(look, 1000);
  return () => {
    clearInterval(timer);
    look();
    const value = Math.max(...seen);
    const title = 'embedded: most memory over the run, node and database';
    return {
      id: 'memory',
      title,
      unit: 'MB',
      samples: [{ value, more: { first: seen[0] ?? 0, last: seen.at(-1) ?? 0 } }],
    };
  };
};

/** URL of the database that the process keeps in its folder. */
const databaseUrl = (dir: string): string => {
  const pgdata = realpathSync(join(dir, 'postgres', 'pgdata'));
  const port = readFileSync(join(pgdata, 'postmaster.pid'), 'utf8').split('\n')[3]?.trim() ?? '';
  return `postgres://linli:${readFileSync(`${pgdata}.password`, 'utf8')}@127.0.0.1:${port}/linli`;
};

const rowsOn = async (linli: LinliProcess, database: RoadDatabase) => {
  const hose = await startHose(linli.url, { name: 'm', rising: 0, seed: 6 });
  const pids = () => ({ linli: linli.pid });
  const rows: Row[] = [
    {
      id: 'a-emb',
      title: 'embedded: accepted, durable, while the service works on them',
      unit: 'events/s',
      round: async (length) => {
        const sample = await measured({ ...hose, pids, doneIn: ({ accepted }) => accepted }, length);
        await database.drained();
        return sample;
      },
    },
    {
      id: 'b-emb',
      title: 'embedded: end to end, scored and stored, no warnings',
      unit: 'events/s',
      round: (length) => roadRound(hose, database, pids, length),
    },
  ];
  return { rows, end: () => hose.end() };
};

/** The system as `npm start` runs it: one process and the PostgreSQL below it. */
export const openEmbedded = async ({ profile, measureMs }: BenchOptions): Promise<Group> => {
  const ready = await firstStarts();
  const folder = temporaryDir('bench');
  const linli = await startIn(folder.path, profile);
  const ends: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends) await end();
    await linli.stop();
    folder.remove();
  };
  try {
    const quiet = await idle(linli.pid, Math.min(20_000, measureMs * 4));
    const memory = watchMemory(linli.pid);
    const database = await RoadDatabase.overPostgres(databaseUrl(folder.path));
    ends.push(() => database.close());
    const { rows, end } = await rowsOn(linli, database);
    ends.push(end);
    return { rows, close, after: () => Promise.resolve([ready, quiet, memory()]) };
  } catch (error) {
    await close();
    throw error;
  }
};
