import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { VerifyLine } from '@linli/contracts';
import type { OpsClient } from '../../clients/ops.js';
import type { Asking } from '../../clients/risk.js';

interface Sums {
  chains: number;
  rows: number;
  faults: number;
}

const add = (sums: Sums, line: VerifyLine): void => {
  if (!('topic' in line)) return;
  sums.chains += 1;
  sums.rows += line.rows;
  if (line.fault !== null) sums.faults += 1;
};

async function* linesOf(ops: OpsClient, service: string, asking: Asking): AsyncGenerator<VerifyLine> {
  const response = await ops.stream(service, '/audit/verify', { ...asking, body: {} });
  if (!response.body) return;
  for await (const line of createInterface({ input: Readable.fromWeb(response.body as never) }))
    yield VerifyLine.parse(JSON.parse(line));
}

/** Each chain as it was verified, the sums last. A service that is away is a line, and a fault. */
export async function* verification(
  ops: OpsClient,
  services: readonly string[],
  asking: Asking,
): AsyncGenerator<VerifyLine> {
  const sums = { chains: 0, rows: 0, faults: 0 };
  for (const service of services) {
    try {
      for await (const line of linesOf(ops, service, asking)) {
        add(sums, line);
        yield line;
      }
    } catch (error) {
      if (asking.signal?.aborted) return;
      sums.faults += 1;
      yield { service, unreachable: error instanceof Error ? error.message : String(error) };
    }
  }
  yield { done: true, ...sums };
}
