import { HolidayYear } from '@linli/contracts';
import { readFileSync } from 'node:fs';

const yearIn = (year: number): HolidayYear =>
  HolidayYear.parse(JSON.parse(readFileSync(new URL(`../../data/${year}.json`, import.meta.url), 'utf8')));

/** What this release knows: the notices for 2025 and 2026; nothing is published for 2027 yet. */
export const packagedYears: readonly HolidayYear[] = [2025, 2026, 2027].map(yearIn);
