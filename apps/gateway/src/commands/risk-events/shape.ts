import { RiskEvent } from '@linli/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';

/** True only of what the contract takes as it is. Of what it does not know for sure it says false. */
export type Shape = (value: unknown) => value is RiskEvent;

/**
 * The contract of an event, compiled: many times faster than the contract itself, which then has to look only at what
 * is not right, and says what. For texts of which it is known that every store takes them: a JSON Schema cannot say
 * that.
 */
export const compiledShape = (): Shape => {
  const ajv = new Ajv2020({ validateFormats: false, strict: false });
  return ajv.compile<RiskEvent>(z.toJSONSchema(RiskEvent, { io: 'input' }));
};
