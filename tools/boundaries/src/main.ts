import { fileURLToPath } from 'node:url';
import { check } from './check.js';

const violations = await check(fileURLToPath(new URL('../../..', import.meta.url)));
for (const { rule, where, what } of violations) {
  process.stderr.write(`${rule}  ${where}  ${what}\n`);
}
process.stdout.write(
  violations.length === 0 ? 'boundaries: none crossed\n' : `boundaries: ${violations.length} crossed\n`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
