import { freePort } from '@linli/store';
import { startStack, type Stack } from '@linli/stack';
import { temporaryDir } from '@linli/testing';
import { countStatements } from '../profile/statements.js';
import { startLinliProcess, type LinliProcess } from './linli.js';

/** Gateway and risk service as processes of their own, on a real Kafka, PostgreSQL and Redis. */
export interface District {
  readonly stack: Stack;
  /** Of the public API. */
  readonly url: string;
  /** Process ids by name, of what runs now. */
  pids(): Record<string, number>;
  startRisk(): Promise<void>;
  stopRisk(): Promise<void>;
  stop(): Promise<void>;
}

class RunningDistrict implements District {
  private risk: LinliProcess | null = null;
  private starts = 0;

  constructor(
    readonly stack: Stack,
    private readonly gateway: LinliProcess,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly profileDir: string | null,
    private readonly clean: () => void,
  ) {}

  get url(): string {
    return this.gateway.url;
  }

  pids(): Record<string, number> {
    const { stack, gateway, risk } = this;
    return {
      gateway: gateway.pid,
      ...(risk && { risk: risk.pid }),
      kafka: stack.kafka.brokers[0]?.pid() ?? 0,
      postgres: stack.postgres.pid(),
    };
  }

  async startRisk(): Promise<void> {
    this.starts += 1;
    const dir = this.profileDir;
    this.risk ??= await startLinliProcess({
      environment: { ...this.environment, SERVICES: 'risk' },
      profile: dir === null ? undefined : { dir, name: `risk-${this.starts}` },
    });
  }

  async stopRisk(): Promise<void> {
    const risk = this.risk;
    this.risk = null;
    await risk?.stop();
  }

  async stop(): Promise<void> {
    try {
      await this.gateway.stop();
      await this.stopRisk();
    } finally {
      await this.stack.stop();
      this.clean();
    }
  }
}

/** How closely to look: both cost some speed. */
export interface Looking {
  /** Folder for CPU profiles. */
  readonly profile: string | null;
  /** Count statements. */
  readonly explain: boolean;
}

/** Starts the stack and the gateway; the risk service only when asked. */
export const startDistrict = async ({ profile, explain }: Looking): Promise<District> => {
  const stack = await startStack();
  if (explain) await countStatements(stack);
  const folder = temporaryDir('bench');
  const port = String(await freePort());
  const shared = { ...stack.env, LINLI_DATA_DIR: folder.path };
  try {
    const gateway = await startLinliProcess({
      environment: { ...shared, SERVICES: 'gateway', RISK_URL: `http://127.0.0.1:${port}` },
      profile: profile === null ? undefined : { dir: profile, name: 'gateway' },
    });
    const environment = { ...shared, LINLI_SERVICE_PORT: port };
    return new RunningDistrict(stack, gateway, environment, profile, () => folder.remove());
  } catch (error) {
    await stack.stop();
    folder.remove();
    throw error;
  }
};
