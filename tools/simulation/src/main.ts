import { run } from './run.js';
const from = Number(process.argv[2] ?? 1),
  n = Number(process.argv[3] ?? 1);
const t = process.cpuUsage();
const totals: Record<string, number> = {};
for (let s = from; s < from + n; s++) {
  const r = await run(s, process.argv[4] === 'trace');
  for (const [k, v] of Object.entries(r.faults)) totals[k] = (totals[k] ?? 0) + v;
  if (process.argv[4] === 'trace') console.log(r.trace.join('\n'));
  if (r.violations.length) console.log(s, r.hash, r.commands, r.simulatedMs, r.violations.slice(0, 12));
  else if (n < 5) console.log(s, r.hash, r.commands, r.simulatedMs, 'ok');
}
const u = process.cpuUsage(t);
console.log(totals, 'cpu ms/seed', (u.user + u.system) / 1000 / n);
