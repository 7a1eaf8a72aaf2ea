import { BOOTSTRAP_KEY } from '@linli/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge } from '../checkers/judge.js';
import { kafkaEnds, tableEnds, type LogEnds } from '../checkers/log-ends.js';
import { asideIn } from '../checkers/rest.js';
import type { Rows } from '../checkers/rows.js';
import { counted, type Counts } from '../counts.js';
import type { Ground } from '../fleet/ground.js';
import { startSystem, type System, type SystemPlan } from '../fleet/system.js';
import { History } from '../history/history.js';
import { Load, type LoadPlan } from '../load/load.js';

export interface ArenaPlan {
  readonly suite: string;
  readonly seed: number;
  readonly ground: Ground;
  readonly system: Omit<SystemPlan, 'ground' | 'folder'>;
  readonly load: Omit<LoadPlan, 'seed' | 'history' | 'urls' | 'bootstrapKey'>;
}

/** A running system under a recorded load. */
export interface Arena {
  readonly system: System;
  readonly load: Load;
  readonly rows: Rows;
  readonly ends: LogEnds;
}

const endsOf = (system: System, rows: Rows): LogEnds => {
  const { brokers } = system.ground;
  return brokers === null ? tableEnds(rows) : kafkaEnds(brokers);
};

/** What a failing run leaves behind is kept, and its error says where. */
const kept = (folder: string, { suite, seed }: ArenaPlan, error: unknown): Error => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  writeFileSync(join(folder, 'error.txt'), `${suite} with seed ${seed}\n${text}\n`);
  const message = `${suite}, seed ${seed}, all that it left is in ${folder}: ${error instanceof Error ? error.message : text}`;
  return Object.assign(new Error(message, { cause: error }), {
    name: error instanceof Error ? error.name : 'Error',
  });
};

const onSystem = async (
  plan: ArenaPlan,
  folder: string,
  attack: (arena: Arena) => Promise<Counts>,
): Promise<Counts> => {
  const system = await startSystem({ ...plan.system, ground: plan.ground, folder });
  const history = new History(join(folder, 'history.jsonl'));
  const rows: Rows = (sql, parameters) => system.rows(sql, parameters);
  const ends = endsOf(system, rows);
  try {
    const asideBefore = await asideIn(rows);
    const load = new Load({
      ...plan.load,
      seed: plan.seed,
      history,
      urls: system.urls,
      bootstrapKey: BOOTSTRAP_KEY,
    });
    await load.prepare();
    const faults = await attack({ system, load, rows, ends });
    const judged = await judge({ history: history.file, tenants: load.tenants, rows, ends, asideBefore });
    return counted(load.counts, judged, faults);
  } finally {
    history.close();
    await system.stop();
  }
};

/** Runs an attack on a fresh system under load and judges what came of it. */
export const inArena = async (
  plan: ArenaPlan,
  attack: (arena: Arena) => Promise<Counts>,
): Promise<Counts> => {
  const folder = mkdtempSync(join(tmpdir(), `linli-proof-${plan.suite}-${plan.seed}-`));
  try {
    const counts = await onSystem(plan, folder, attack);
    rmSync(folder, { recursive: true, force: true });
    return counts;
  } catch (error) {
    throw kept(folder, plan, error);
  }
};
