import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { differences, documents, write } from './documents.js';
import { withSettings } from './readme.js';
import { brokenReleases, release } from './released.js';
import { settings } from './settings.js';

const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const folder = at('docs/generated');
const released = at('libs/contracts/released');
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { version: string };
const generated = await documents(version);
const readme = existsSync(at('README.md')) ? readFileSync(at('README.md'), 'utf8') : '';
const readmeNow = withSettings(readme, settings());

if (process.argv.includes('--release')) {
  process.stdout.write(
    release(released)
      .map((type) => `released ${type}\n`)
      .join(''),
  );
}
const faults = brokenReleases(released);
if (process.argv.includes('--check')) {
  faults.push(...differences(folder, generated).map((fault) => `docs/generated/${fault}: run npm run docs`));
  if (readmeNow !== readme) faults.push('README.md has old settings: run npm run docs');
} else {
  write(folder, generated);
  if (readmeNow !== readme) writeFileSync(at('README.md'), readmeNow);
}
faults.forEach((fault) => process.stderr.write(`${fault}\n`));
process.stdout.write(
  faults.length === 0 ? `docs: ${generated.size} documents are right\n` : `docs: ${faults.length} faults\n`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
