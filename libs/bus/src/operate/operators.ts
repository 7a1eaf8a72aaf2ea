import type { OpsCommandType } from '@linli/contracts';
import type { CommandHandler } from '../handling.js';
import type { Handlers } from '../consume/kind.js';
import { handlerOf } from './act.js';
import { discardFirst, releaseParkedKey } from './keys.js';
import { discardDeadLetter, replayDeadLetter } from './letters.js';
import { resumePartition } from './partitions.js';
import type { OperateParts } from './target.js';

const byId = ({ id }: { readonly id: string }): string => id;

/** The commands that every bus knows by itself: what operators do about what is stuck. */
export const operators = <Tx>(parts: () => OperateParts<Tx>): Handlers<Tx>['commands'] => {
  const handlers: Readonly<Record<OpsCommandType, CommandHandler<Tx>>> = {
    'ops.replay-dead-letter': handlerOf(parts, {
      ...{ type: 'ops.replay-dead-letter', act: replayDeadLetter, targetOf: byId },
    }),
    'ops.discard-dead-letter': handlerOf(parts, {
      ...{ type: 'ops.discard-dead-letter', act: discardDeadLetter, targetOf: byId },
    }),
    'ops.release-key': handlerOf(parts, { type: 'ops.release-key', act: releaseParkedKey, targetOf: byId }),
    'ops.discard-first': handlerOf(parts, { type: 'ops.discard-first', act: discardFirst, targetOf: byId }),
    'ops.resume-partition': handlerOf(parts, {
      type: 'ops.resume-partition',
      act: resumePartition,
      targetOf: ({ topic, partition }) => `${topic}/${partition}`,
    }),
  };
  return new Map(Object.entries(handlers).map(([type, handle]) => [type, { version: 1, handle }]));
};
