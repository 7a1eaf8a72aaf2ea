import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** One matter of a constituent, as carried in `data/casework-2023.csv.gz`. */
export const Matter = z.object({
  unique_key: z.string(),
  opendate: z.iso.date(),
  complaint_type: z.string(),
  descriptor: z.string(),
  zip: z.string(),
  community_board: z.string(),
});
export type Matter = z.infer<typeof Matter>;

/** How the carried part was cut from the whole year. */
const Cut = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  year: z.int(),
  inPeriod: z.int(),
  withoutCounterpart: z.int(),
  withoutPlace: z.int(),
  carried: z.int(),
  carriedUnmapped: z.int(),
});
export type Cut = z.infer<typeof Cut>;

const file = (name: string): Buffer => readFileSync(new URL(`../../data/${name}`, import.meta.url));

export const readCasework = (): Matter[] =>
  z.array(Matter).parse(parse(gunzipSync(file('casework-2023.csv.gz')), { columns: true }));

export const readCut = (): Cut => Cut.parse(JSON.parse(file('casework-2023.json').toString('utf8')));

/** The matters by day, in the order of time; days without any are absent. */
export const byDay = (matters: readonly Matter[]): [day: string, matters: Matter[]][] => {
  const days = new Map<string, Matter[]>();
  for (const matter of matters) {
    const day = days.get(matter.opendate);
    if (day) day.push(matter);
    else days.set(matter.opendate, [matter]);
  }
  return [...days].toSorted(([a], [b]) => (a < b ? -1 : 1));
};
