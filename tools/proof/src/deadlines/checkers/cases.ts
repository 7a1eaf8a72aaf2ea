import { groupBy } from '@linli/kernel';
import type { AskedRow, DeadlineRow, Evidence, FiringRow, HeardRow, VersionRow } from '../evidence.js';
import type { Wish } from '../wishes.js';
import { termsByVersion, type Terms } from './oracle.js';

/** All that is known of one deadline. */
export interface Case {
  readonly wish: Wish;
  readonly row: DeadlineRow | null;
  /** By version, as they should be. */
  readonly terms: ReadonlyMap<number, Terms>;
  readonly versions: readonly VersionRow[];
  /** In the order in which they were taken. */
  readonly firings: readonly FiringRow[];
  readonly heard: readonly HeardRow[];
  /** Accepted changes. */
  readonly changes: readonly AskedRow[];
  /** The change that ended it. */
  readonly end: AskedRow | null;
}

export const casesOf = (evidence: Evidence): Case[] => {
  const of = ({ deadlineId }: { readonly deadlineId: string }): string => deadlineId;
  const [asked, heard] = [groupBy(evidence.asked, of), groupBy(evidence.heard, of)];
  const [firings, versions] = [groupBy(evidence.firings, of), groupBy(evidence.versions, of)];
  const rows = new Map(evidence.deadlines.map((row) => [row.id, row]));
  return evidence.wishes.map((wish) => {
    const changes = (asked.get(wish.id) ?? []).filter(({ refused }) => refused === null);
    return {
      ...{ wish, changes, row: rows.get(wish.id) ?? null },
      terms: termsByVersion(wish, changes),
      versions: versions.get(wish.id) ?? [],
      firings: (firings.get(wish.id) ?? []).toSorted((a, b) => a.claimedAt - b.claimedAt),
      heard: heard.get(wish.id) ?? [],
      end: changes.find(({ change }) => change.kind === 'end') ?? null,
    };
  });
};

/** Says that its deadline is due, and counts. */
export const tellsDue = ({ row }: Pick<Case, 'row'>, { rung, counts }: HeardRow): boolean =>
  counts && row?.rungs[rung]?.due === true;
