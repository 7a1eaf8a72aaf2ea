import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closing } from './closing.mjs';
import { projects } from './projects.mjs';

/* eslint-disable no-console -- what it prints is what it is for */

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = (name) => join(root, 'node_modules', '.bin', name);
const node = (...args) => [process.execPath, ...args];
const nx = (...targets) => [bin('nx'), 'run-many', '-t', ...targets, '--nxBail=false'];

const found = (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
const isCi = process.env.CI === 'true';

/** One real stack for all suites, unless the environment names one or none can be had (the suites then say so). */
const withStack = (command) => {
  const named = process.env.KAFKA_BROKERS && process.env.DATABASE_URL && process.env.REDIS_URL;
  const possible = isCi || (found('java') && found('mvn'));
  return named || !possible ? command : node(join(root, 'tools/stack/dist/with-stack.js'), ...command);
};

const steps = {
  format: () => [bin('prettier'), '--check', '--log-level=warn', '.'],
  lint: () => nx('lint'),
  boundaries: () => node(join(root, 'tools/boundaries/dist/main.js')),
  docs: () => node(join(root, 'tools/docs/dist/main.js'), '--check'),
  unit: () => nx('unit'),
  'integration and journeys': () => withStack([...nx('int', 'journey'), '--output-style=stream']),
};

const run = (name, [command, ...args]) => {
  console.log(`\n=== ${name}`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) {
    console.error(error.message);
  }
  return status === 0;
};

for (const { project } of projects(root)) {
  rmSync(join(root, project, '.tally'), { recursive: true, force: true });
}
const red = run('build', nx('build'))
  ? Object.entries(steps).flatMap(([name, command]) => (run(name, command()) ? [] : [name]))
  : ['build'];

const { line, ok, faults } = closing(root, { redSteps: red, nothingSkipped: isCi });
for (const fault of faults) {
  console.error(`✗ ${fault}`);
}
console.log(`\n${line}`);
process.exitCode = ok ? 0 : 1;
