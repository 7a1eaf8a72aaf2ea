import { gateway, type GatewayOptions } from '@linli/gateway';
import { risk } from '@linli/risk';
import {
  alarmQueueOf,
  ConfigMistakes,
  serviceMigrations,
  startService,
  type Config,
  type RunningService,
  type ServiceDefinition,
} from '@linli/service';
import type { MigrationClass } from '@linli/store';
import { startPlatform, type PlatformOptions } from './platform.js';

/** Every service there is. One process runs all of them, or those that SERVICES names. */
export const serviceNames: readonly string[] = ['risk', 'gateway'];
const definitions = (options: GatewayOptions): readonly ServiceDefinition[] => [risk, gateway(options)];

/** Alarms are shown where BullMQ on Redis keeps them; the board needs no more than the names of the queues. */
const boardOf = ({ alarm, redisUrl }: Config): Pick<GatewayOptions, 'board'> =>
  alarm === 'redis' && redisUrl !== null
    ? { board: { redisUrl, queues: serviceNames.filter((name) => name !== PUBLIC).map(alarmQueueOf) } }
    : {};

/** The schemas of this release, each with all of its migrations. */
export const schemas = (): readonly { schema: string; migrations: readonly MigrationClass[] }[] =>
  definitions({ bootstrapKey: '' }).map((service) => ({
    schema: service.schema,
    migrations: serviceMigrations(service),
  }));

/** The one service that the world may reach. */
const PUBLIC = 'gateway';

export interface Linli {
  /** Base URL of the public API; null when this process does not run the gateway. */
  readonly url: string | null;
  /** The bootstrap key, and whether it was made just now. */
  readonly apiKey: { readonly value: string; readonly fresh: boolean };
  readonly services: readonly RunningService[];
  /** Stops the services in reverse order of their start, then what they stand on. Idempotent. */
  stop(): Promise<void>;
}

/** Services that somebody here asks over HTTP must be here, or somewhere we know. */
const refuseUnknownPlaces = ({ services, serviceUrls }: Config): void => {
  if (services.includes(PUBLIC) && !services.includes('risk') && serviceUrls['risk'] === undefined)
    throw new ConfigMistakes(['RISK_URL is needed: the gateway runs here and the risk service does not']);
};

/** The whole system, or a part of it, in this process. Rejects, with everything stopped again, when something is wrong. */
export const startLinli = async (config: Config, options: PlatformOptions = {}): Promise<Linli> => {
  refuseUnknownPlaces(config);
  const ground = await startPlatform(config, options);
  const { platform, apiKey } = ground;
  const running: RunningService[] = [];
  const urlOf = (name: string): string => {
    const url = running.find((service) => service.name === name)?.url ?? config.serviceUrls[name];
    if (url === undefined) throw new Error(`${name} does not run yet`);
    return url;
  };
  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      for (const service of running.toReversed()) await service.stop();
      await ground.stop();
    })());
  try {
    const all = definitions({ bootstrapKey: apiKey.value, ...boardOf(config) });
    for (const definition of all.filter(({ name }) => config.services.includes(name))) {
      const door =
        definition.name === PUBLIC
          ? { host: config.host, port: config.port }
          : { host: config.serviceHost, port: config.servicePort };
      running.push(await startService(definition, platform, { ...door, urlOf, drainMs: config.drainMs }));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: running.find(({ name }) => name === PUBLIC)?.url ?? null,
    apiKey,
    services: running,
    stop,
  };
};
