import {
  Accuracy,
  AccuracyOfKind,
  ApiKey,
  Boundary,
  CalendarDays,
  CalendarImport,
  CalendarImported,
  CalendarPage,
  DeadlineExplanation,
  DeadlineList,
  DeadlinePreview,
  DeadlineView,
  IntakeItem,
  IntakeReceipt,
  IssuedApiKey,
  NewApiKey,
  NewResponsePolicy,
  Operation,
  Palette,
  PreviewOrder,
  Problem,
  QuarantinePage,
  ResponsePolicies,
  ResponsePolicy,
  ResponsePolicySet,
  RiskEvent,
  RiskEventFate,
  RiskEventSummary,
  RiskMap,
  Share,
  SlaForecast,
  SlaItem,
  SlaItemPage,
  SlaQueue,
  SlaQueues,
  Timeline,
  Warning,
  WarningExplanation,
  WarningPage,
  WarningScope,
  WhatIf,
  WhatIfAnswer,
} from '@linli/contracts';
import { z } from 'zod';
import { CloudEventBody, IntakeProblem } from './event-operations.js';
import { ApiKeyPage } from './key-operations.js';
import { Health, RiskCategories, RiskTriggers } from './other-operations.js';
import { WarningFeatures } from './warning-operations.js';

/** Schemas that have a name in the document; all others stand where they are used. */
const named: Readonly<Record<string, z.ZodType>> = {
  Accuracy,
  AccuracyOfKind,
  ApiKey,
  ApiKeyPage,
  Boundary,
  CalendarDays,
  CalendarImport,
  CalendarImported,
  CalendarPage,
  CloudEvent: CloudEventBody,
  DeadlineExplanation,
  DeadlineList,
  DeadlinePreview,
  DeadlineView,
  Health,
  IntakeItem,
  IntakeProblem,
  IntakeReceipt,
  IssuedApiKey,
  NewApiKey,
  NewResponsePolicy,
  Operation,
  Palette,
  PreviewOrder,
  Problem,
  QuarantinePage,
  ResponsePolicies,
  ResponsePolicy,
  ResponsePolicySet,
  RiskCategories,
  RiskEvent,
  RiskEventFate,
  RiskEventSummary,
  RiskMap,
  RiskTriggers,
  Share,
  SlaForecast,
  SlaItem,
  SlaItemPage,
  SlaQueue,
  SlaQueues,
  Timeline,
  Warning,
  WarningExplanation,
  WarningFeatures,
  WarningPage,
  WarningScope,
  WhatIf,
  WhatIfAnswer,
};

type Json = Record<string, unknown>;
const REF = '#/components/schemas/';

/** Names and descriptions for the conversion, apart from Zod's global registry, which is everybody's. */
const registry = z.registry<z.core.GlobalMeta>();
for (const [id, schema] of Object.entries(named)) {
  registry.add(schema, { ...z.globalRegistry.get(schema), id });
}

const metadata = {
  get: (schema: z.ZodType) => registry.get(schema) ?? z.globalRegistry.get(schema),
} as unknown as typeof registry;

const plain = ({ jsonSchema }: { jsonSchema: Json }): void => {
  if (typeof jsonSchema['format'] === 'string') {
    // The pattern says again, in 200 characters, what the format says.
    delete jsonSchema['pattern'];
  }
};

const convert = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const json = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    metadata,
    override: plain,
  }) as Json;
  return JSON.parse(JSON.stringify(json).replaceAll('#/$defs/', REF)) as Json;
};

/** Collects schemas for one document. */
export class Schemas {
  readonly components: Record<string, Json> = {};

  /** A schema as it stands in the document: a reference when it has a name. `output`: what a parameter is after reading. */
  of(schema: z.ZodType, io: 'input' | 'output' = 'input'): Json {
    const { $schema: _, $defs, id: __, ...own } = convert(schema, io);
    for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, Json>)) {
      const { id: ___, ...rest } = definition;
      this.components[name] ??= rest;
    }
    const name = registry.get(schema)?.id;
    if (name === undefined) {
      return own;
    }
    this.components[name] ??= own;
    return { $ref: REF + name };
  }
}
