import type { Mutant } from './mutant.js';

const reading = 'libs/bus/src/log/kafka/partition-reading.ts';
const warnings = 'apps/risk/src/store/warnings.ts';

/** Guards at the gateway, in the risk service, and towards Kafka. */
export const guardsOfDoors: readonly Mutant[] = [
  {
    name: 'no-request-hash',
    without: 'the same key with another body is refused',
    patches: [
      {
        file: 'apps/gateway/src/commands/command-door.ts',
        text: 'if (outcome.requestHash !== command.requestHash) {',
        instead: 'if (outcome.requestHash.length !== command.requestHash.length) {',
      },
    ],
    checks: [{ project: 'apps/gateway', tier: 'int', specs: 'commands.int' }],
  },
  {
    name: 'silence-is-believed',
    without: 'what the stream of outcomes does not tell is asked for',
    patches: [
      {
        file: 'apps/gateway/src/clients/outcomes.ts',
        text: 'return (await told) ?? (await asked());',
        instead: 'return told ? await told : await asked();',
      },
    ],
    checks: [{ project: 'apps/gateway', tier: 'unit', specs: 'clients/outcomes' }],
  },
  {
    name: 'outcome-told-to-any-tenant',
    without: 'the stream tells an outcome only for a command of its tenant',
    patches: [
      {
        file: 'libs/service/src/outcomes/outcome-stream.ts',
        text: 'if (outcome?.tenant === tenant) this.tell(outcome);',
        instead: 'if (outcome && tenant) this.tell(outcome);',
      },
    ],
    checks: [{ project: 'libs/service', tier: 'unit', specs: 'outcomes/' }],
  },
  {
    name: 'no-tenant-in-command-id',
    without: 'two tenants that use the same key are two wishes',
    patches: [
      {
        file: 'apps/gateway/src/commands/wish.ts',
        text: 'derivedId(caller.tenant, route, key)',
        instead: 'derivedId(caller.tenant.slice(0, 0), route, key)',
      },
    ],
    checks: [{ project: 'apps/gateway', tier: 'unit', specs: 'commands/' }],
  },
  {
    name: 'no-version-check',
    without: 'a warning is changed only at the version that the client has seen',
    patches: [
      {
        file: 'apps/risk/src/domain/decide.ts',
        text: 'expectedVersion !== warning.version) {',
        instead: 'warning.version < 0) {',
      },
    ],
    checks: [{ project: 'apps/risk', tier: 'unit', specs: 'domain/decide' }],
  },
  {
    name: 'no-version-in-update',
    without: 'an update names the version that it replaces',
    patches: [{ file: warnings, text: 'AND w.version = was.version`', instead: '`' }],
    checks: [{ project: 'apps/risk', tier: 'int', specs: 'warnings' }],
  },
  {
    name: 'rowcount-swallowed',
    without: 'an update that changed no row is a fault',
    patches: [
      {
        file: warnings,
        text: 'if ((await tx.execute(UPDATE, [rowsOf(of), ...was])) === of.length) return;',
        instead: 'if ((await tx.execute(UPDATE, [rowsOf(of), ...was])) <= of.length) return;',
      },
    ],
    checks: [{ project: 'apps/risk', tier: 'int', specs: 'warnings' }],
  },
  {
    name: 'partition-by-broker',
    without: 'the partition is the one of the frozen count, not of the count that the broker has',
    patches: [
      {
        file: 'libs/bus/src/log/kafka/kafka-publisher.ts',
        text: `        ({ message }) =>
          message.partition ?? -1,`,
        instead: `        ({ message, partitionMetadata }) =>
          String(message.key).length % partitionMetadata.length,`,
      },
    ],
    checks: [{ project: 'libs/bus', tier: 'int', specs: 'kafka-log', onStack: true }],
  },
  {
    name: 'no-pause-before-seek',
    without: 'a new assignment is paused before its starts are looked up',
    patches: [
      {
        file: reading,
        text: '    steering.pause(partitions);\n    this.end();',
        instead: '    this.end();',
      },
    ],
    checks: [{ project: 'libs/bus', tier: 'unit', specs: 'partition-reading' }],
  },
  {
    name: 'no-heartbeats',
    without: 'a long batch tells the broker that it is alive, and hears of rebalances',
    patches: [
      { file: reading, text: 'await payload.heartbeat();', instead: 'await Promise.resolve(payload);' },
    ],
    checks: [{ project: 'libs/bus', tier: 'unit', specs: 'partition-reading' }],
  },
  {
    name: 'auto-commit',
    without: 'kafkajs commits and resolves nothing by itself',
    patches: [
      {
        file: 'libs/bus/src/log/kafka/kafka-subscriber.ts',
        text: 'autoCommit: false,\n      eachBatchAutoResolve: false,',
        instead: 'autoCommit: true,\n      autoCommitThreshold: 1,\n      eachBatchAutoResolve: true,',
      },
    ],
    checks: [{ project: 'libs/bus', tier: 'unit', specs: 'kafka-subscriber' }],
  },
];
