import type { Cut } from '../casework/casework.js';
import type { Cell } from '../casework/district.js';
import { grouped, type Paint } from './palette.js';

const month = (day: string): string =>
  new Date(`${day}T00:00:00Z`).toLocaleString('en-US', { month: 'long', timeZone: 'UTC' });

/** What the visitor is about to see, and what it is made of. */
export const opening = (cut: Cut, cells: readonly Cell[], paint: Paint): string[] => {
  const communities = new Set(cells.map(({ area }) => area)).size;
  return [
    '',
    paint('bold', 'Linli 邻里 · risk events become three-colour warnings, and every colour explains itself'),
    '',
    `Real casework of New York City Council offices, ${month(cut.from)} to ${month(cut.to)} ${cut.to.slice(0, 4)} (NYC Open Data),`,
    `laid on a made-up district: ${communities} communities, ${cells.length} grids. Of ${grouped(cut.inPeriod)} matters, ${grouped(cut.carried - cut.carriedUnmapped)} have a place`,
    'and an honest counterpart among our 98 categories; the others are left out, not forced.',
    `${cut.carriedUnmapped} reports of dead trees have no counterpart and are sent all the same: they wait in quarantine.`,
    'Colours are internal work prompts, never public alerts.',
    '',
  ];
};
