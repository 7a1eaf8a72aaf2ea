import { RISK_INTAKE, ServiceStatus, type OpsStatus } from '@linli/contracts';
import { within } from '@linli/kernel';
import type { ServiceParts } from '@linli/service';
import { opsServices, type OpsClient } from '../../clients/ops.js';
import type { Asking } from '../../clients/risk.js';

type Parts = Pick<ServiceParts, 'clock' | 'database' | 'log'>;

const ANSWER_MS = 2000;

const nothingKnown = {
  ...{ partitions: [], relay: null, deadLetters: { open: 0, replayed: 0, discarded: 0 }, parkedKeys: 0 },
  ...{ healed: 0, figures: {}, lastFault: null },
};

const reasonOf = async (what: string, work: Promise<unknown>): Promise<string[]> =>
  within(ANSWER_MS, work).then(
    () => [],
    (error: unknown) => [`${what}: ${error instanceof Error ? error.message : String(error)}`],
  );

/** The gateway has no bus: it lives if it answers, and needs its keys and the log. */
const gatewayStatus = async ({ database, log }: Parts): Promise<ServiceStatus> => {
  const reasons = (
    await Promise.all([
      reasonOf('database', database.connection('http').query('select 1')),
      reasonOf('log', log.watermarks(RISK_INTAKE)),
    ])
  ).flat();
  const ready = reasons.length === 0;
  return {
    ...{ service: 'gateway', reachable: true, live: true, ready, reasons },
    ...{ ...nothingKnown, attention: reasons },
  };
};

const serviceStatus = async (ops: OpsClient, service: string, asking: Asking): Promise<ServiceStatus> => {
  try {
    return await ops.ask(service, '/status', ServiceStatus, asking);
  } catch {
    const reasons = [`${service} does not answer: is it running, and is its URL right?`];
    return {
      ...{ service, reachable: false, live: false, ready: false, reasons },
      ...{ ...nothingKnown, attention: reasons },
    };
  }
};

/** The whole system; services that do not answer are in it too. */
export const systemStatus = async (parts: Parts, ops: OpsClient, asking: Asking): Promise<OpsStatus> => {
  const services = await Promise.all([
    gatewayStatus(parts),
    ...opsServices.map((service) => serviceStatus(ops, service, asking)),
  ]);
  const ok = services.every(({ attention }) => attention.length === 0);
  return { at: parts.clock.now().toISOString(), ok, services };
};
