import type { Log } from '@linli/bus';
import { RISK_COMMANDS, RISK_INTAKE } from '@linli/contracts';
import type { ServiceDefinition } from '@linli/service';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Keyring } from './access/keyring.js';
import { serveSlashedDocs } from './api/docs.controller.js';
import { openPublicDoor } from './api/public-door.js';
import { GatewayModule, type GatewayOptions } from './gateway.module.js';
import { mountBoard } from './queries/board/board.js';
import { openBoardQueues } from './queries/board/board-queues.js';
import { ApiKeys1764000000001 } from './store/migrations/0001-api-keys.js';

const topics = [RISK_INTAKE, RISK_COMMANDS];

/** Makes the topics that the gateway writes to, once; a log that is away is asked again by the readiness check. */
const provisioning = () => {
  let done = false;
  return async (log: Log): Promise<void> => {
    if (!done) {
      await log.provision(topics);
      done = true;
    }
  };
};

const openBoard = async (
  fastify: FastifyInstance,
  { redisUrl, queues }: NonNullable<GatewayOptions['board']>,
  logger: Pick<Logger, 'debug'>,
): Promise<void> => {
  const note = (error: unknown): void => logger.debug({ err: error }, 'the board does not reach Redis');
  mountBoard(fastify, await openBoardQueues(redisUrl, queues, note));
};

/** The only public door: authenticates, validates, accepts, answers. */
export const gateway = (options: GatewayOptions): ServiceDefinition => {
  const provision = provisioning();
  return {
    name: 'gateway',
    schema: 'gateway',
    migrations: [ApiKeys1764000000001],
    consumes: [],
    tells: [],
    module: (parts) => GatewayModule.with(parts, options),
    async publicDoor(app, { log, logger }) {
      const fastify = app.getHttpAdapter().getInstance();
      openPublicDoor(fastify, app.get(Keyring));
      serveSlashedDocs(fastify);
      if (options.board) await openBoard(fastify, options.board, logger);
      await provision(log).catch((error: unknown) => logger.warn({ err: error }, 'the log is away'));
    },
    async waitsFor({ log }) {
      await provision(log);
      await log.watermarks(RISK_INTAKE);
      return [];
    },
  };
};
