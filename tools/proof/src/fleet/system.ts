import { RISK_COMMANDS, RISK_INTAKE } from '@linli/contracts';
import { freePort } from '@linli/store';
import { mkdirSync } from 'node:fs';
import { Pool } from 'pg';
import type { Ground } from './ground.js';
import { buryMembers } from './kafka-members.js';
import { Member } from './member.js';

export interface SystemPlan {
  readonly ground: Ground;
  /** Where the logs of the processes go. */
  readonly folder: string;
  /** Zero: one process runs everything. */
  readonly gateways: number;
  readonly risks: number;
  /** Settings besides those of the ground, by role. */
  readonly gatewayEnvironment?: Readonly<Record<string, string>>;
  readonly riskEnvironment?: Readonly<Record<string, string>>;
}

const consumed = [RISK_COMMANDS, RISK_INTAKE].map(({ name }) => `linli.risk.${name}`);

/** The system under test: processes of its own, which are killed and frozen. */
export class System {
  private pool: { readonly url: string; readonly pool: Pool } | null = null;

  constructor(
    readonly ground: Ground,
    readonly gateways: readonly Member[],
    readonly risks: readonly Member[],
  ) {}

  get members(): readonly Member[] {
    return [...new Set([...this.risks, ...this.gateways])];
  }

  /** Where clients may go. */
  readonly urls = (): readonly string[] => this.gateways.map(({ url }) => url);

  /** The rows themselves, by a connection of our own. */
  async rows<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const url = this.ground.databaseUrl();
    if (this.pool?.url !== url) {
      void this.pool?.pool.end();
      const pool = new Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 3000 });
      // An idle connection dies with the server that a suite kills.
      pool.on('error', () => undefined);
      this.pool = { url, pool };
    }
    return (await this.pool.pool.query(sql, [...parameters])).rows as Row[];
  }

  /** After the death of the only risk service: the next one need not wait for the group to notice. */
  async bury(): Promise<void> {
    const { brokers } = this.ground;
    if (brokers !== null) await buryMembers(brokers.split(','), consumed);
  }

  async stop(): Promise<void> {
    await this.pool?.pool.end();
    await Promise.all(this.gateways.map((member) => member.stop()));
    await Promise.all(this.risks.map((member) => member.stop()));
  }
}

const environmentOf = async (
  plan: SystemPlan,
  role: 'risk' | 'gateway' | 'all',
): Promise<Record<string, string>> => ({
  ...plan.ground.environment,
  ...(role === 'risk' ? plan.riskEnvironment : plan.gatewayEnvironment),
  ...(role === 'all' ? {} : { SERVICES: role }),
  LINLI_PORT: String(await freePort()),
  LINLI_SERVICE_PORT: String(await freePort()),
});

/** All processes started, each at a place that it keeps. */
export const startSystem = async (plan: SystemPlan): Promise<System> => {
  const { ground, folder } = plan;
  mkdirSync(folder, { recursive: true });
  const count = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1);
  const make = async (name: string, role: 'risk' | 'gateway' | 'all', more: Record<string, string> = {}) =>
    new Member({ name, folder, environment: { ...(await environmentOf(plan, role)), ...more } });
  if (plan.gateways === 0) {
    const all = await make('linli', 'all');
    await all.start();
    return new System(ground, [all], [all]);
  }
  const risks = await Promise.all(count(plan.risks).map((n) => make(`risk-${n}`, 'risk')));
  const asked = { RISK_URL: risks[0]?.serviceUrl ?? '' };
  const gateways = await Promise.all(count(plan.gateways).map((n) => make(`gateway-${n}`, 'gateway', asked)));
  const system = new System(ground, gateways, risks);
  try {
    // The first makes the tables and topics.
    const [first, ...others] = system.members;
    await first?.start();
    const starts = await Promise.allSettled(others.map((member) => member.start()));
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
    return system;
  } catch (error) {
    await system.stop();
    throw error;
  }
};
