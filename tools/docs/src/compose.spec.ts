import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readConfig, settingsTable } from '@linli/service';
import { parse } from 'yaml';
import { services } from './settings.js';

const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

interface Container {
  readonly build?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
}
interface Compose {
  readonly services: Readonly<Record<string, Container>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const compose = parse(readFileSync(at('docker-compose.yml'), 'utf8'), { merge: true }) as Compose;
const dockerfile = readFileSync(at('Dockerfile'), 'utf8');
const containers = Object.entries(compose.services);
const roles = containers.filter(([, { build }]) => build !== undefined);
const settings = settingsTable(services).map(({ name }) => name);

/** What compose would hand over, with the secrets that an operator sets. */
const environmentOf = ({ environment }: Container): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment ?? {}).map(([name, value]) => [
      name,
      value.replace(/^\$\{.*\}$/u, 'x'.repeat(32)),
    ]),
  );

describe('docker-compose.yml', () => {
  it('runs every service in a container of its own, beside what they stand on', () => {
    expect(containers.map(([name]) => name).toSorted()).toEqual([
      'gateway',
      'kafka',
      'postgres',
      'redis',
      'risk',
    ]);
    expect(roles.map(([, role]) => String(role.environment?.['SERVICES'])).toSorted()).toEqual(
      services.toSorted(),
    );
  });

  it.each(containers)('asks %s whether it is well', (_name, { healthcheck }) => {
    expect(healthcheck?.test.length).toBeGreaterThan(1);
  });

  it.each(roles)('starts %s when what it stands on is well', (_name, { depends_on }) => {
    expect(depends_on).toEqual({
      kafka: { condition: 'service_healthy' },
      postgres: { condition: 'service_healthy' },
      redis: { condition: 'service_healthy' },
    });
  });

  it.each(roles)('gives %s only settings that exist, with values that are read', (_name, role) => {
    expect(Object.keys(role.environment ?? {}).filter((name) => !settings.includes(name))).toEqual([]);
    expect(() => readConfig(environmentOf(role), services)).not.toThrow();
  });

  it('tells every role where to find the others, at the port on which they listen', () => {
    const port = compose.services['risk']?.environment?.['LINLI_SERVICE_PORT'];

    expect(compose.services['gateway']?.environment?.['RISK_URL']).toBe(`http://risk:${port}`);
    expect(compose.services['risk']?.healthcheck?.test.at(-1)).toContain(`:${port}/readyz`);
  });

  it('declares every volume that it mounts', () => {
    const mounted = containers.flatMap(([, { volumes = [] }]) =>
      volumes.map((volume) => String(volume.split(':')[0])),
    );

    expect(mounted.toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
  });
});

describe('the Dockerfile', () => {
  it('runs as nobody in particular', () => {
    expect(dockerfile.indexOf('\nUSER node\n')).toBeGreaterThan(dockerfile.lastIndexOf('FROM '));
  });

  it('sets only settings that exist', () => {
    const set = [...dockerfile.matchAll(/^ENV (.*)$/gmu)]
      .flatMap(([, line = '']) => line.split(' '))
      .map((pair) => pair.split('=')[0] ?? '');

    expect(set.filter((name) => name !== 'NODE_ENV' && !settings.includes(name))).toEqual([]);
    expect(set).toContain('LINLI_DATA_DIR');
  });

  it('copies what there is', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gmu)].flatMap(([, paths = '']) =>
      paths.split(' '),
    );

    expect(copied).toHaveLength(8);
    expect(copied.filter((path) => !existsSync(at(path)))).toEqual([]);
  });
});
