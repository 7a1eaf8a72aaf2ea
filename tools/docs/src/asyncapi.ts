import { retentionOf } from '@linli/bus';
import {
  calendarCommands,
  CalendarImportedV1,
  Command,
  IntakeRecord,
  MendedV1,
  opsCommands,
  RISK_COMMANDS,
  RISK_INTAKE,
  RISK_OPERATIONS,
  RISK_WARNINGS,
  riskCommands,
  riskFacts,
  topics,
  type TopicSpec,
} from '@linli/contracts';
import { stringify } from 'yaml';
import { z } from 'zod';

type Json = Readonly<Record<string, unknown>>;

const about: Readonly<Record<TopicSpec['holds'], string>> = {
  commands: 'What the owner is told to do. The one way in which an aggregate changes. Key: aggregate.',
  intake: 'Accepted risk events, many in one record. Partition by area.',
  facts: 'What happened. Dense sequence per partition; a gap is healed from the journal. Key: aggregate.',
};

/** AsyncAPI’s own schema dialect is a superset of draft 7. */
const schemaOf = (contract: z.ZodType): Json => {
  const { $schema: _, ...schema } = z.toJSONSchema(contract, { io: 'input', target: 'draft-7' });
  return schema;
};

const text = (description: string): Json => ({ type: 'string', description });

/** CloudEvents 1.0, Kafka binary mode, as the bus writes it (libs/bus/src/wire/fact-record.ts). */
export const factHeaders: Readonly<Record<string, Json>> = {
  ce_specversion: { type: 'string', const: '1.0' },
  ce_id: text('Unique id of the fact (UUID).'),
  ce_source: text('`/linli/<service>`'),
  ce_type: text('`linli.<service>.<fact>.v<N>`'),
  ce_subject: text('Aggregate id (UUID).'),
  ce_time: text('When it was decided (RFC 3339).'),
  ce_partitionkey: text('Aggregate id.'),
  ce_sequence: text('Dense number in its partition from 1, 16 digits with leading zeros.'),
  ce_traceparent: text('W3C trace context in which it was told, when traces are on.'),
  ce_correlationid: text('The request that began it.'),
  ce_causationid: text('The message that caused it; absent when none did.'),
  ce_linliepoch: text('Epoch of the numbering; a higher one begins after the journal was restored.'),
  ce_linlitenant: text('The customer whose data this is.'),
  ce_linliversion: text('Version of the aggregate after this fact.'),
  ce_linliactor: text('Key id of who caused it; `system` for the system itself.'),
  ce_linlihops: text('How many messages led here.'),
};

const optionalHeaders = ['ce_traceparent', 'ce_causationid'];

interface Fact {
  readonly type: string;
  readonly data: z.ZodType;
  readonly example: unknown;
}

/** What operators and administrators did in the risk service. */
const operatedFacts: readonly Fact[] = [MendedV1, CalendarImportedV1].map((fact) => ({
  ...fact,
  type: fact.typeOf('risk'),
}));

const factMessage = ({ type, data, example }: Fact): Json => ({
  name: type,
  contentType: 'application/json',
  headers: {
    type: 'object',
    properties: { ...factHeaders, ce_type: { type: 'string', const: type } },
    required: Object.keys(factHeaders).filter((name) => !optionalHeaders.includes(name)),
  },
  payload: schemaOf(data),
  examples: [{ payload: example }],
});

const commandMessage = (type: string, data: z.ZodType): Json => ({
  name: type,
  contentType: 'application/json',
  headers: {
    type: 'object',
    properties: {
      'linli-type': { type: 'string', const: type },
      'linli-signature': text('Of the value, by the sender; a command that does not verify is not executed.'),
    },
    required: ['linli-type', 'linli-signature'],
  },
  payload: schemaOf(Command.extend({ type: z.literal(type), data })),
});

const messagesOn = (topic: TopicSpec): Readonly<Record<string, Json>> => {
  if (topic === RISK_INTAKE) {
    const intake = { name: 'risk.intake', contentType: 'application/json', payload: schemaOf(IntakeRecord) };
    return { 'risk.intake': intake };
  }
  const facts = topic === RISK_OPERATIONS ? operatedFacts : riskFacts;
  const entries: [string, Json][] =
    topic === RISK_COMMANDS
      ? Object.entries({ ...riskCommands, ...calendarCommands, ...opsCommands }).map(([type, data]) => [
          type,
          commandMessage(type, data),
        ])
      : facts.map((fact) => [fact.type, factMessage(fact)]);
  return Object.fromEntries(entries);
};

const channelOf = (topic: TopicSpec): Json => ({
  address: topic.name,
  description: about[topic.holds],
  messages: Object.fromEntries(
    Object.keys(messagesOn(topic)).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
  ),
  bindings: {
    kafka: {
      partitions: topic.partitions,
      topicConfiguration: {
        'cleanup.policy': ['delete'],
        'retention.ms': retentionOf(topic),
      },
      bindingVersion: '0.5.0',
    },
  },
});

const operation = (action: 'send' | 'receive', topic: TopicSpec, summary: string): Json => ({
  action,
  channel: { $ref: `#/channels/${topic.name}` },
  summary,
});

/** AsyncAPI 3.1 of everything that travels on the log, seen from the risk service. */
export const asyncapi = (version: string): string =>
  stringify(
    {
      asyncapi: '3.1.0',
      info: {
        title: 'Linli on the log',
        version,
        description:
          'Topics, commands and facts. Generated from libs/contracts by `npm run docs`; do not edit. Partition counts are frozen.',
        license: { name: 'MIT' },
      },
      defaultContentType: 'application/json',
      channels: Object.fromEntries(topics.map((topic) => [topic.name, channelOf(topic)])),
      operations: {
        takeRiskEvents: operation('receive', RISK_INTAKE, 'Stores and scores accepted risk events.'),
        obeyCommands: operation(
          'receive',
          RISK_COMMANDS,
          'Executes commands in the order of their aggregate.',
        ),
        tellWarnings: operation('send', RISK_WARNINGS, 'Tells what became of warnings.'),
        tellOperations: operation(
          'send',
          RISK_OPERATIONS,
          'Tells what operators mended and which calendars were imported, by whom and why.',
        ),
      },
      components: { messages: Object.assign({}, ...topics.map(messagesOn)) },
    },
    { lineWidth: 110, aliasDuplicateObjects: false },
  );
