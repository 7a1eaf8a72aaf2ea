import { riskCommands, type Command, type RiskCommand, type RiskCommandType } from '@linli/contracts';
import { refuse, type Refusal } from '@linli/kernel';
import { flawsOf } from '@linli/service';

/** The data of a command, or the refusal of data that do not fit: the gateway checks first, but is not the only sender. */
export const bodyOf = <T extends RiskCommandType>(
  type: T,
  command: Command,
): { readonly body: RiskCommand<T> } | { readonly refusal: Refusal } => {
  const parsed = riskCommands[type].safeParse(command.data);
  return parsed.success
    ? { body: parsed.data as RiskCommand<T> }
    : {
        refusal: refuse(
          'BODY_INVALID',
          'invalid',
          'The body does not fit this command.',
          flawsOf(parsed.error.issues),
        ),
      };
};
