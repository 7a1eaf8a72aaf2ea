import { finished } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type pg from 'pg';
import type { Row } from '../rounds.js';
import { cpuOf } from '../system/processes.js';
import { perUnit } from './measure.js';

const PART = 1 << 18;

const stored = async (client: pg.Client, rows: number): Promise<Buffer> => {
  const parts: Buffer[] = [];
  const out = client.query(copyTo(`copy (select * from risk.risk_event limit ${rows}) to stdout`));
  out.on('data', (part: Buffer) => parts.push(part));
  await finished(out);
  return Buffer.concat(parts);
};

/** One COPY, one transaction; durable when it resolves. */
const copyIn = async (client: pg.Client, text: Buffer): Promise<void> => {
  const into = client.query(copyFrom('copy bench.risk_event from stdin'));
  const written = finished(into);
  for (let at = 0; at < text.length; at += PART) {
    if (!into.write(text.subarray(at, at + PART))) await new Promise((go) => into.once('drain', go));
  }
  into.end();
  await written;
};

/** (e): the rows that the system stored, into an empty table of the same make, as PostgreSQL takes them fastest. */
export const copyRow = async (client: pg.Client, rows: number, postgres: () => number): Promise<Row> => {
  await client.query(`
    create schema bench;
    create table bench.risk_event (like risk.risk_event including all)`);
  const text = await stored(client, rows);
  return {
    id: 'e',
    title: 'COPY of the same rows into the same table',
    unit: 'events/s',
    round: async ({ measureMs }) => {
      let [spent, copied] = [0, 0];
      const cpuFrom = cpuOf({ postgres: postgres() });
      while (spent < measureMs / 2) {
        await client.query('truncate bench.risk_event');
        const began = performance.now();
        await copyIn(client, text);
        spent += performance.now() - began;
        copied += rows;
      }
      const { rows: found } = await client.query<{ n: string }>('select count(*) as n from bench.risk_event');
      if (Number(found[0]?.n) !== rows) throw new Error(`${found[0]?.n} rows where ${rows} were copied`);
      const cpuUs = perUnit(cpuFrom, cpuOf({ postgres: postgres() }), copied);
      return { value: (copied * 1000) / spent, cpuUs };
    },
  };
};
