import type { Clock } from '@linli/kernel';

export interface SystemConfig {
  readonly dataDir: string;
  readonly port: number;
  readonly apiKey: string;
  readonly clock: Clock;
}

/** The whole system in this process. */
export interface RunningSystem {
  readonly url: string;
  readonly apiKey: string;
  stop(): Promise<void>;
}

export type StartSystem = (config: SystemConfig) => Promise<RunningSystem>;

/**
 * An embedded system on this machine only, whatever the environment says of brokers and databases. Loaded when a verb
 * starts one, so that the client verbs answer at once.
 */
export const startEmbedded: StartSystem = async ({ dataDir, port, apiKey, clock }) => {
  const { serviceNames, startLinli } = await import('@linli/all-in-one');
  const { readConfig } = await import('@linli/service');
  const settings = {
    LINLI_HOST: '127.0.0.1',
    LINLI_PORT: String(port),
    LINLI_DATA_DIR: dataDir,
    LINLI_API_KEY: apiKey,
    LINLI_LOG_LEVEL: 'error',
  };
  const linli = await startLinli(readConfig(settings, serviceNames), { clock });
  if (linli.url === null) throw new Error('the gateway does not run');
  return { url: linli.url, apiKey, stop: () => linli.stop() };
};
