import { shanghaiTime } from '@linli/kernel';
import { createHash } from 'node:crypto';
import type { RiskEvent } from '@linli/contracts';
import type { Matter } from './casework.js';
import type { Cell } from './district.js';
import { CLOSES_AT, daysLater, instantAt, OPENS_AT } from './local-time.js';
import type { Counterpart } from './mapping.js';

export const SOURCE = 'urban-brain';

/** Taken down by an office from a person who gave a name: a real-name petition (domain notes 3.3). */
const CREDIBILITY = 0.8;

/** The source tells only the day; the key spreads the day's matters over the office hours, always in the same way. */
const hourOf = (key: string): number => {
  const seconds = createHash('sha256').update(key).digest().readUInt32BE() % ((CLOSES_AT - OPENS_AT) * 3600);
  return OPENS_AT + seconds / 3600;
};

/** What has no counterpart is sent in the sender's own words and is kept in quarantine. */
const ownWord = (descriptor: string): string =>
  `city.${descriptor.toLowerCase().replaceAll(/[^a-z]+/gu, '_')}`;

/** Turns matters into risk events; `shiftDays` moves the whole story in time. */
export const riskEvents = (
  cells: readonly Cell[],
  counterpartOf: (type: string, descriptor: string) => Counterpart | undefined,
  shiftDays = 0,
) => {
  const places = new Map(cells.map((cell) => [`${cell.community_board}|${cell.zip}`, cell]));
  return (matter: Matter): RiskEvent => {
    const place = places.get(`${matter.community_board}|${matter.zip}`);
    if (!place) throw new Error(`no grid for ${matter.unique_key}`);
    const counterpart = counterpartOf(matter.complaint_type, matter.descriptor);
    return {
      id: matter.unique_key,
      source: SOURCE,
      category: counterpart?.category ?? ownWord(matter.descriptor),
      area: place.area,
      place: { grid: place.grid },
      occurredAt: shanghaiTime(
        instantAt(daysLater(matter.opendate, shiftDays), hourOf(matter.unique_key)).getTime(),
      ),
      credibility: CREDIBILITY,
      severity: counterpart?.severity ?? 1,
      text: `${matter.complaint_type}: ${matter.descriptor}`,
    };
  };
};
