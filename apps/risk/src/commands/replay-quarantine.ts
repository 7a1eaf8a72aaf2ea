import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import { covers, findCategory, type Command, type RiskCommand } from '@linli/contracts';
import { refuse, type Flaw, type Refusal } from '@linli/kernel';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { openSettling } from '../use-cases/settle.js';
import { keyOf } from '../use-cases/take-in.js';
import type { Incoming } from '../use-cases/arrival.js';
import { storeAndScore } from '../use-cases/store-and-score.js';
import { lookUpByKey } from '../store/by-key.js';
import { events, textOfKey } from '../store/events.js';
import { quarantine } from '../store/quarantine.js';
import { register, type Mapping } from '../store/register.js';
import { bodyOf } from './body.js';

type Body = RiskCommand<'risk.replay-quarantine'>;

/** One transaction should stay short: what is left waits for the next call. */
const MOST = 2000;

const mappingsOf = (tenant: string, { categories = {}, areas = {} }: Body): Mapping[] => [
  ...Object.entries(categories).map(([sent, known]): Mapping => ({ tenant, kind: 'category', sent, known })),
  ...Object.entries(areas).map(([sent, known]): Mapping => ({ tenant, kind: 'area', sent, known })),
];

/** Every mapping must lead to something known, and an area to one of the key's. */
const wrongMappings = async (
  mappings: readonly Mapping[],
  { principal, tenant }: Command,
  { tx }: Handling,
): Promise<Refusal | null> => {
  const settle = await openSettling(
    tx,
    mappings.map(({ known }) => ({ tenant, category: 'DSP-01', area: known })),
  );
  const isKnown = ({ kind, known }: Mapping): boolean =>
    kind === 'category'
      ? findCategory(known) !== undefined
      : !('reason' in settle({ tenant, category: 'DSP-01', area: known })) && covers(principal, known);
  const flaws = mappings
    .filter((mapping) => !isKnown(mapping))
    .map(({ kind, sent, known }): Flaw => {
      const pointer = `/${kind === 'category' ? 'categories' : 'areas'}/${sent.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      return { pointer, code: 'RSK_MAPPING', detail: `${known} is not a known ${kind}` };
    });
  return flaws.length > 0
    ? refuse('RSK_MAPPING', 'invalid', 'Some mappings lead to nothing known.', flaws)
    : null;
};

/** Remembers mappings and takes in what was in quarantine and is known now, as if it came now with its own times. */
@Controller()
export class ReplayQuarantine {
  @CommandHandler('risk.replay-quarantine')
  async handle(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    const read = bodyOf('risk.replay-quarantine', command);
    if ('refusal' in read) return read;
    const { tenant } = command;
    const mappings = mappingsOf(tenant, read.body);
    const refusal = await wrongMappings(mappings, command, handling);
    if (refusal) return { refusal };
    await register.map(handling.tx, mappings);
    const source = read.body.source ?? null;
    const replayed = await this.replay(command, source, handling);
    const remaining = await quarantine.count(handling.tx, tenant, source);
    return { resource: { replayed, remaining }, version: 1 };
  }

  private async replay(command: Command, source: string | null, handling: Handling): Promise<number> {
    const { tx } = handling;
    const { tenant, principal } = command;
    await lookUpByKey(tx);
    const kinds = await quarantine.kinds(tx, tenant, source);
    const settle = await openSettling(tx, kinds);
    const known = kinds.filter((kind) => {
      const as = settle(kind);
      return !('reason' in as) && covers(principal, as.area);
    });
    const kept = await quarantine.take(tx, { tenant, source, kinds: known, limit: MOST });
    const incoming = kept.flatMap(({ receivedAt, event }): Incoming[] => {
      const as = settle({ tenant, category: event.category, area: event.area });
      return 'reason' in as ? [] : [{ arrival: { tenant, receivedAt, event }, ...as }];
    });
    const stored = new Set((await events.known(tx, kept)).map(textOfKey));
    const copies = kept.filter((one) => stored.has(textOfKey(one)));
    await storeAndScore(
      incoming.filter(({ arrival }) => !stored.has(textOfKey(keyOf(arrival)))),
      handling,
    );
    await events.noteDuplicates(
      tx,
      copies.map(({ event, ...one }) => ({ ...one, area: event.area })),
    );
    return kept.length;
  }
}
