import { faultsWithout, type Totals } from './crew.js';
import type { FaultCounts } from './faults.js';
import type { Report } from './run.js';

const faultLines = (counts: FaultCounts): string[] =>
  Object.entries(counts).map(([fault, count]) => `  ${String(count).padStart(9)}  ${fault}`);

/** What failed, and how to see it again. */
export const failureLines = ({ seed, hash, violations }: Report): string[] => [
  `✗ seed ${seed} (trace ${hash})`,
  ...violations.map((violation) => `    ${violation}`),
  `    replay: npm run simulate -- --seed ${seed} --trace`,
];

export const totalLines = (totals: Totals): string[] => {
  const without = faultsWithout(totals);
  const { failing } = totals;
  return [
    `${totals.seeds} seeds, ${totals.commands} commands, ${Math.round(totals.simulatedMs / 3_600_000)} simulated hours; faults that happened:`,
    ...faultLines(totals.faults),
    ...failing.flatMap(failureLines),
    ...(without.length > 0 ? [`did not happen at all: ${without.join(', ')}`] : []),
    failing.length === 0 ? '✓ no promise was broken' : `✗ ${failing.length} seeds broke a promise`,
  ];
};

export const reportLines = (report: Report): string[] => [
  ...report.trace,
  `seed ${report.seed}: ${report.commands} commands, ${report.simulatedMs} simulated ms, trace ${report.hash}`,
  ...faultLines(report.faults).filter((line) => !/^ +0 /u.test(line)),
  ...(report.violations.length > 0 ? failureLines(report) : ['✓ no promise was broken']),
];
