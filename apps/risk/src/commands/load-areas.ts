import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import { covers, type Command, type RiskCommand } from '@linli/contracts';
import { refuse, type Refusal } from '@linli/kernel';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { assessAndSave } from '../use-cases/assess-places.js';
import { openRuleBook } from '../use-cases/rules.js';
import { grids, type Grid, type Neighbourhood } from '../store/grids.js';
import { places } from '../store/places.js';
import { register } from '../store/register.js';
import { bodyOf } from './body.js';

type Body = RiskCommand<'risk.load-areas'>;

const outside = ({ areas = [], grids: loaded = [] }: Body, { principal }: Command): Refusal | null => {
  const codes = [
    ...areas.map(({ code }, n) => ({ code, pointer: `/areas/${n}/code` })),
    ...loaded.flatMap(({ area, neighbours }, n) => [
      { code: area, pointer: `/grids/${n}/area` },
      ...neighbours.map((near, m) => ({ code: near.area, pointer: `/grids/${n}/neighbours/${m}/area` })),
    ]),
  ];
  const flaws = codes
    .filter(({ code }) => !covers(principal, code))
    .slice(0, 50)
    .map(({ pointer }) => ({ pointer, code: 'AREA_FORBIDDEN', detail: 'lies outside the areas of the key' }));
  return flaws.length > 0
    ? refuse('AREA_FORBIDDEN', 'forbidden', 'Some areas lie outside those of the key.', flaws)
    : null;
};

/** The tenant loads its areas, and which grids are neighbours; the places in those grids are assessed again. */
@Controller()
export class LoadAreas {
  @CommandHandler('risk.load-areas')
  async handle(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    const read = bodyOf('risk.load-areas', command);
    if ('refusal' in read) return read;
    const refusal = outside(read.body, command);
    if (refusal) return { refusal };
    const { areas = [], grids: loaded = [] } = read.body;
    await register.loadAreas(handling.tx, command.tenant, areas);
    await this.loadNeighbours(command.tenant, loaded, handling);
    return { resource: { areas: areas.length, grids: loaded.length }, version: 1 };
  }

  private async loadNeighbours(
    tenant: string,
    loaded: NonNullable<Body['grids']>,
    handling: Handling,
  ): Promise<void> {
    const { tx, now } = handling;
    const of = loaded.map(({ area, grid }): Grid => ({ tenant, area, grid }));
    const pairs = loaded.flatMap(({ area, grid, neighbours }) =>
      neighbours.map((near): Neighbourhood => ({ of: { tenant, area, grid }, near: { tenant, ...near } })),
    );
    const affected = (await grids.placesIn(tx, of)).map(({ id }) => id);
    const locked = await places.lock(tx, affected);
    await grids.replaceNeighbours(tx, of, pairs);
    if (locked.length > 0)
      await assessAndSave(locked, await openRuleBook(tx, [tenant], now.getTime()), handling);
  }
}
