import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import type { Command, RiskCommand } from '@linli/contracts';
import { Controller, Inject, type Type } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { WarningCommand } from '../domain/warning.commands.js';
import { NOTE_PURPOSE, PARTS, type Parts } from '../parts.js';
import { actorOf, changeWarning } from '../use-cases/change-warning.js';
import { bodyOf } from './body.js';

/** What a person’s order means: to the domain, and what of it was written by people, to be sealed. */
interface Meaning {
  readonly command: WarningCommand;
  readonly written?: string | undefined;
}

/** The commands that people give, by the verb of the API. */
export type OrderType =
  | 'risk.issue-warning'
  | 'risk.dismiss-warning'
  | 'risk.acknowledge-warning'
  | 'risk.escalate-warning'
  | 'risk.verify-warning'
  | 'risk.plan-warning'
  | 'risk.hand-over-warning'
  | 'risk.update-warning'
  | 'risk.link-warning'
  | 'risk.lower-warning'
  | 'risk.monitor-warning'
  | 'risk.visit-warning'
  | 'risk.close-warning'
  | 'risk.reopen-warning'
  | 'risk.merge-warning';

const list = (head: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`${head}:`, ...lines.map((line) => `- ${line}`)];

const planText = ({ measures, people }: RiskCommand<'risk.plan-warning'>): string =>
  [...list('Measures', measures), ...list('People', people)].join('\n');

const closingText = ({ note, panel = [], evidence = [] }: RiskCommand<'risk.close-warning'>): string =>
  [
    ...(note === undefined ? [] : [note]),
    ...list('Panel', panel),
    ...list(
      'Evidence',
      evidence.map(({ source, text }) => `${source}: ${text}`),
    ),
  ].join('\n');

const closing = (body: RiskCommand<'risk.close-warning'>): WarningCommand => ({
  type: 'close',
  outcome: body.outcome,
  happenedAt: body.happenedAt === undefined ? null : Date.parse(body.happenedAt),
  panel: body.panel ?? [],
  evidence: body.evidence ?? [],
});

const meanings: { readonly [T in OrderType]: (body: RiskCommand<T>) => Meaning } = {
  'risk.issue-warning': ({ note }) => ({ command: { type: 'issue' }, written: note }),
  'risk.dismiss-warning': ({ reason, note }) => ({ command: { type: 'dismiss', reason }, written: note }),
  'risk.acknowledge-warning': ({ note }) => ({ command: { type: 'acknowledge' }, written: note }),
  'risk.escalate-warning': ({ note }) => ({ command: { type: 'escalate' }, written: note }),
  'risk.verify-warning': ({ result, evidence }) => ({
    command: { type: 'verify', result, evidence },
    written: evidence,
  }),
  'risk.plan-warning': (body) => ({
    command: { type: 'plan', measures: body.measures, people: body.people, due: Date.parse(body.due) },
    written: planText(body),
  }),
  'risk.hand-over-warning': ({ body, reference, note }) => ({
    command: { type: 'hand-over', body, reference },
    written: note,
  }),
  'risk.update-warning': ({ text, reassessed = false }) => ({
    command: { type: 'update', reassessed },
    written: text,
  }),
  'risk.link-warning': ({ kind, id, note }) => ({
    command: { type: 'link', kind, target: id },
    written: note,
  }),
  'risk.lower-warning': ({ evidence }) => ({ command: { type: 'lower', evidence }, written: evidence }),
  'risk.monitor-warning': ({ evidence }) => ({ command: { type: 'monitor', evidence }, written: evidence }),
  'risk.visit-warning': ({ finding }) => ({ command: { type: 'visit' }, written: finding }),
  'risk.close-warning': (body) => ({ command: closing(body), written: closingText(body) }),
  'risk.reopen-warning': ({ note }) => ({ command: { type: 'reopen' }, written: note }),
  'risk.merge-warning': ({ into, because, note }) => ({
    command: { type: 'merge', into, because },
    written: note,
  }),
};

export interface Orders {
  handle(command: Command, handling: Handling): Promise<Answer>;
}

const handlerOf = (type: OrderType): Type<Orders> => {
  const meaningOf = meanings[type] as (body: RiskCommand<OrderType>) => Meaning;

  @Controller()
  class WarningOrder implements Orders {
    constructor(@Inject(PARTS) private readonly parts: Parts) {}

    @CommandHandler(type)
    async handle(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
      const read = bodyOf(type, command);
      if ('refusal' in read) return read;
      const { command: order, written } = meaningOf(read.body);
      return changeWarning(command, handling, {
        actor: actorOf(command.principal),
        commands: [order],
        sealedNote: written ? this.parts.secrets.seal(NOTE_PURPOSE, written) : null,
      });
    }
  }
  return WarningOrder;
};

/** What people order about a warning: one handler a command, all alike. */
export const warningOrders: ReadonlyMap<OrderType, Type<Orders>> = new Map(
  (Object.keys(meanings) as OrderType[]).map((type) => [type, handlerOf(type)]),
);
