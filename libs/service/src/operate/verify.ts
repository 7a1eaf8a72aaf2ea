import type { Bus } from '@linli/bus';
import type { VerifyLine } from '@linli/contracts';

/** Walks the chains of a service's journal one after the other, a line each. */
export async function* verifyChains(
  service: string,
  bus: Pick<Bus, 'operate' | 'verifyChain'>,
  gone: () => boolean,
): AsyncGenerator<VerifyLine> {
  for (const { topic, partitions } of bus.operate.chains()) {
    for (let partition = 0; partition < partitions && !gone(); partition += 1) {
      const { fault, ...report } = await bus.verifyChain(topic, partition);
      yield { service, ...report, fault: fault && { ...fault } };
    }
  }
}
