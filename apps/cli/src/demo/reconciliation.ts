/** What the sender knows by its receipts. */
export interface Sent {
  readonly sent: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly quarantined: number;
}

/** What the system says it holds, counted from the start of the story. */
export interface Held {
  readonly stored: number;
  readonly duplicates: number;
  readonly quarantined: number;
}

/** One sum that must be right. */
export interface Sum {
  readonly what: string;
  readonly left: number;
  readonly parts: readonly (readonly [name: string, count: number])[];
  readonly right: boolean;
}

const sum = (what: string, left: number, parts: Sum['parts']): Sum => ({
  what,
  left,
  parts,
  right: left === parts.reduce((total, [, count]) => total + count, 0),
});

/** Each event that was sent is found again, once: the sums that say so. */
export const reconcile = (sent: Sent, held: Held): readonly Sum[] => [
  sum('sent', sent.sent, [
    ['accepted', sent.accepted],
    ['quarantined', sent.quarantined],
    ['rejected', sent.rejected],
  ]),
  sum('accepted', sent.accepted, [
    ['stored once', held.stored],
    ['duplicates', held.duplicates],
  ]),
  sum('quarantined', sent.quarantined, [['kept in quarantine', held.quarantined]]),
];

export const addsUp = (sums: readonly Sum[]): boolean => sums.every(({ right }) => right);

/** Everything that was taken has been dealt with (nothing is on its way any more). */
export const isSettled = (sent: Sent, held: Held): boolean =>
  held.stored + held.duplicates >= sent.accepted && held.quarantined >= sent.quarantined;
