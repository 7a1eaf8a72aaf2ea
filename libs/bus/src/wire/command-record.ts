import { Command, partitionOf, type TopicSpec } from '@linli/contracts';
import type { LogRecord, NewRecord } from '../log/log.js';
import type { Decoded } from './decoded.js';
import type { Signer } from './signer.js';

const TYPE = 'linli-type';
const SIGNATURE = 'linli-signature';

const signed = (text: string, command: Pick<Command, 'type'>, signer: Signer) => ({
  value: Buffer.from(text),
  headers: {
    'content-type': 'application/json',
    [TYPE]: command.type,
    [SIGNATURE]: signer.sign(text),
  },
});

/** A command as it travels: signed JSON, in the partition of its aggregate. */
export const commandRecord = (command: Command, topic: TopicSpec, signer: Signer): NewRecord => ({
  partition: partitionOf(command.aggregateId, topic),
  key: command.aggregateId,
  ...signed(JSON.stringify(command), command, signer),
});

/** A command that was stamped in a journal: its text and its partition are as they were then. */
export const stampedCommandRecord = (
  row: {
    readonly partition: number;
    readonly aggregateId: string;
    readonly type: string;
    readonly payload: string;
  },
  signer: Signer,
): NewRecord => ({
  partition: row.partition,
  key: row.aggregateId,
  ...signed(row.payload, row, signer),
});

/** Reads a command. One whose signature does not verify is bad, whatever it says (anybody may have put it there). */
export const readCommand = (record: LogRecord, signer: Signer): Decoded<Command> => {
  if (!record.value) return { bad: 'no value' };
  const text = record.value.toString('utf8');
  const signature = record.headers[SIGNATURE];
  if (!signature || !signer.verify(text, signature)) return { bad: 'signature does not verify' };
  try {
    const parsed = Command.safeParse(JSON.parse(text));
    return parsed.success ? { value: parsed.data } : { bad: `not a command: ${parsed.error.message}` };
  } catch (error) {
    return { bad: `not JSON: ${String(error)}` };
  }
};
