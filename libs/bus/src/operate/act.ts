import {
  MendedV1,
  opsCommands,
  operationsTopic,
  type Command,
  type Mended,
  type OpsAction,
  type OpsCommandType,
  type OpsResult,
} from '@linli/contracts';
import { refuse, type Refusal } from '@linli/kernel';
import type { z } from 'zod';
import type { Answer, Handling } from '../handling.js';
import type { OperateParts } from './target.js';

/** What an action works with: one transaction, under the fence. */
export interface Acting<Tx> {
  readonly parts: OperateParts<Tx>;
  readonly handling: Handling<Tx>;
  /** Name and id of the key that was used. */
  readonly by: string;
}

type Told = Pick<OpsResult, 'effect' | 'detail' | 'messages' | 'remaining'>;

/** One action of an operator. A refusal must have changed nothing. */
export type Act<Wish> = <Tx>(acting: Acting<Tx>, wish: Wish) => Promise<Told | Refusal>;

const notAllowed = ({ principal }: Command): Refusal | null =>
  principal.scopes.includes('ops') && principal.areas === null
    ? null
    : refuse('OPS_FORBIDDEN', 'forbidden', 'This needs a key with the scope ops, for all areas.');

const tellIt = <Tx>(
  service: string,
  { tenant, principal }: Command,
  handling: Handling<Tx>,
  data: Mended,
): void =>
  handling.tell({
    ...{ topic: operationsTopic(service).name, type: MendedV1.typeOf(service), tenant },
    ...{ aggregateId: data.target, aggregateVersion: 1, data: { ...data, operator: principal.name } },
  });

export interface Verb<T extends OpsCommandType> {
  readonly type: T;
  readonly act: Act<z.output<(typeof opsCommands)[T]>>;
  readonly targetOf: (wish: z.output<(typeof opsCommands)[T]>) => string;
}

/** The handler of one operator's command: allowed, done, told to the audit journal, answered. */
export const handlerOf =
  <Tx, T extends OpsCommandType>(parts: () => OperateParts<Tx>, { type, act, targetOf }: Verb<T>) =>
  async (command: Command, handling: Handling<Tx>): Promise<Answer> => {
    const forbidden = notAllowed(command);
    if (forbidden) return { refusal: forbidden };
    const read = opsCommands[type].safeParse(command.data);
    if (!read.success)
      return {
        refusal: refuse('BODY_INVALID', 'invalid', `This does not fit ${type}: ${read.error.message}`),
      };
    const wish = read.data as z.output<(typeof opsCommands)[T]>;
    const by = `${command.principal.name} (${command.principal.keyId})`;
    const told = await act({ parts: parts(), handling, by }, wish);
    if ('kind' in told) return { refusal: told };
    const action = type.slice('ops.'.length) as OpsAction;
    const target = targetOf(wish);
    const { effect, detail } = told;
    const { reason } = wish;
    if (effect !== 'nothing')
      tellIt(parts().service, command, handling, {
        ...{ action, target, operator: command.principal.name, reason, effect, detail },
      });
    const result: OpsResult = { action, target, dryRun: false, ...told };
    return { resource: result, version: 1 };
  };
