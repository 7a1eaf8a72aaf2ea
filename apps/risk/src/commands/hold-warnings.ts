import { BeforeCommands, type Together } from '@linli/bus';
import { riskCommands, type Command } from '@linli/contracts';
import { allOf } from '@linli/kernel';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { places } from '../store/places.js';
import { warnings } from '../store/warnings.js';

const evaluated = ({ type, data }: Command): string[] => {
  if (type !== 'risk.evaluate-warning') return [];
  const { data: body } = riskCommands[type].safeParse(data);
  return body ? [body.placeId] : [];
};

/** The warnings that the commands of a chunk are about, and the places that raise them, are read and written at once. */
@Controller()
export class HoldWarnings {
  @BeforeCommands()
  async hold(@Payload() commands: readonly Command[], @Ctx() { tx, beforeCommit }: Together): Promise<void> {
    const about = commands.filter(({ type }) => type.endsWith('-warning'));
    const [, write] = await allOf([
      places.hold(tx, [...new Set(about.flatMap(evaluated))]),
      warnings.hold(
        tx,
        about.map(({ tenant, aggregateId }) => ({ tenant, id: aggregateId })),
      ),
    ]);
    beforeCommit(write);
  }
}
