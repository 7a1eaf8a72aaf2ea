import { RISK_INTAKE } from '@linli/contracts';
import { setTimeout as delay } from 'node:timers/promises';
import type { Hose } from '../load/run-hose.js';
import type { RoundLength, Sample } from '../rounds.js';
import { cpuOf } from '../system/processes.js';
import { perUnit } from './measure.js';
import type { RoadDatabase } from './road-database.js';

/** Events that may wait between the gateway and the risk service: enough to keep it busy, and bounded. */
const BACKLOG = { most: 12_000, least: 6_000 };

/** Keeps the backlog between its bounds until it is told to stop. */
export const steady = (hose: Hose, database: RoadDatabase) => {
  const state = { running: true };
  const keep = async (): Promise<void> => {
    const before = await database.lag(RISK_INTAKE.name);
    const began = (await hose.mark()).accepted;
    for (hose.go(); state.running; await delay(50)) {
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
      state.running = false;
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
