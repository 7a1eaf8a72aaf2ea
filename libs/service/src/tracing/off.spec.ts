import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const index = fileURLToPath(new URL('../index.js', import.meta.url));
const otel = fileURLToPath(new URL('./otel.js', import.meta.url));

/** The modules of OpenTelemetry that a process has loaded after importing another. */
const loadedBy = (module: string): string[] => {
  const script = `
    import { createRequire } from 'node:module';
    await import(${JSON.stringify(module)});
    const loaded = Object.keys(createRequire(${JSON.stringify(index)}).cache);
    process.stdout.write(JSON.stringify(loaded.filter((path) => path.includes('@opentelemetry/sdk-trace'))));
  `;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }),
  ) as string[];
};

describe('OpenTelemetry', () => {
  it('is not loaded by a service, only by what traces it', () => {
    expect(loadedBy(index)).toEqual([]);
    expect(loadedBy(otel).length).toBeGreaterThan(0);
  }, 30_000);
});
