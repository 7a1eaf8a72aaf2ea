import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import { palettes, type Command } from '@linli/contracts';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { register } from '../store/register.js';
import { bodyOf } from './body.js';

/** The tenant says how colours are named in answers. */
@Controller()
export class ChoosePalette {
  @CommandHandler('risk.choose-palette')
  async handle(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    const read = bodyOf('risk.choose-palette', command);
    if ('refusal' in read) return read;
    const { palette } = read.body;
    await register.choosePalette(handling.tx, command.tenant, palette);
    return { resource: { palette, colours: palettes[palette] }, version: 1 };
  }
}
