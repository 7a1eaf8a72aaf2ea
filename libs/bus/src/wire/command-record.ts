import { Command, partitionOf, type TopicSpec } from '@linli/contracts';
import type { LogRecord, NewRecord } from '../log/log.js';
import { CORRELATION, TRACEPARENT } from '../watch.js';
import type { Decoded } from './decoded.js';
import type { Signer } from './signer.js';

const TYPE = 'linli-type';
const SIGNATURE = 'linli-signature';

interface Sent {
  readonly type: string;
  readonly correlationId: string;
  readonly traceparent?: string | null | undefined;
}

const signed = (text: string, { type, correlationId, traceparent }: Sent, signer: Signer) => ({
  value: Buffer.from(text),
  headers: {
    'content-type': 'application/json',
    [TYPE]: type,
    [CORRELATION]: correlationId,
    ...(traceparent && { [TRACEPARENT]: traceparent }),
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
    readonly payload: string;
  } & Sent,
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
