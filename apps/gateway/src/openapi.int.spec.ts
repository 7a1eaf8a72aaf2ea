import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { temporaryDir } from '@linli/testing';
import { openApiOf, operations } from './index.js';

const redocly = createRequire(import.meta.url).resolve('@redocly/cli/bin/cli.js');

describe('the OpenAPI document', () => {
  it('passes the linter', async () => {
    const dir = temporaryDir('openapi');
    const file = join(dir.path, 'openapi.json');
    writeFileSync(file, JSON.stringify(openApiOf(operations)));
    try {
      const args = [
        redocly,
        'lint',
        file,
        '--extends=recommended',
        '--skip-rule=operation-4xx-response',
        '--format=json',
      ];
      const { stdout } = await promisify(execFile)(process.execPath, args, {
        env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
        cwd: dir.path,
      });
      const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { problems: { message: string }[] };
      expect(report.problems.map(({ message }) => message)).toEqual([]);
    } finally {
      dir.remove();
    }
  });
});
