import {
  DeadLetterPage,
  OpsResult,
  type BulkLine,
  type BulkReplay,
  type DeadLetterSummary,
} from '@linli/contracts';
import { Refused } from '@linli/kernel';
import type { OpsClient } from '../../clients/ops.js';
import type { Asking } from '../../clients/risk.js';

const MOST = 1000;
const PAGE = 50;

/** Does one letter: the operator's command, or its preview. Null when it is on its way. */
export type ReplayOne = (letter: DeadLetterSummary) => Promise<unknown>;

async function* lettersOf(
  ops: OpsClient,
  { service, topic, errorContains, since, until, limit = MOST }: BulkReplay,
  asking: Asking,
): AsyncGenerator<DeadLetterSummary> {
  const filter = { topic, errorContains, since, until, state: 'open', limit: PAGE };
  let left = limit;
  for (let after: string | null = '0'; after !== null && left > 0;) {
    const query: Asking['query'] = { ...filter, after };
    const page: DeadLetterPage = await ops.ask(service, '/dead-letters', DeadLetterPage, {
      ...asking,
      query,
    });
    yield* page.items.slice(0, left);
    left -= page.items.length;
    after = page.next;
  }
}

const lineOf = async (
  letter: DeadLetterSummary,
  replay: ReplayOne,
): Promise<Exclude<BulkLine, { done: true }>> => {
  const { id } = letter;
  try {
    const result = OpsResult.safeParse(await replay(letter));
    if (result.success) return { id, result: result.data };
    return { id, problem: { code: 'OPS_ON_ITS_WAY', detail: 'accepted; what came of it is not known yet' } };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { code, detail } = error.refusal;
    return { id, problem: { code, detail } };
  }
};

const kindOf = (line: Exclude<BulkLine, { done: true }>): 'applied' | 'failed' | 'nothing' | 'unknown' => {
  if ('problem' in line) return line.problem.code === 'OPS_ON_ITS_WAY' ? 'unknown' : 'failed';
  return line.result.effect === 'partly' ? 'applied' : line.result.effect;
};

/** One letter after the other, oldest first: operators' commands do not crowd out those of residents. */
export async function* bulkReplay(
  ops: OpsClient,
  wanted: BulkReplay,
  asking: Asking,
  replay: ReplayOne,
): AsyncGenerator<BulkLine> {
  const sums = { applied: 0, failed: 0, nothing: 0, unknown: 0 };
  for await (const letter of lettersOf(ops, wanted, asking)) {
    if (asking.signal?.aborted) return;
    const line = await lineOf(letter, replay);
    sums[kindOf(line)] += 1;
    yield line;
  }
  yield { done: true, ...sums };
}
