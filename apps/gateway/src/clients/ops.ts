import { commandTopics } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import type { z } from 'zod';
import type { Question, ServiceClient } from './services.js';

const notFound = (): Refused =>
  new Refused(refuse('OPS_NOT_FOUND', 'not-found', 'There is nothing with this id.'));

/** The services that operators can look into, in the order in which lists go through them. */
export const opsServices: readonly string[] = Object.keys(commandTopics);

export interface OpsId {
  readonly service: string;
  readonly id: string;
}

const ID = /^([a-z][a-z-]*)\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/u;

/** `<service>.<uuid>`; what is none names nothing (404). */
export const opsIdOf = (text: string): OpsId => {
  const [, service = '', id = ''] = ID.exec(text.toLowerCase()) ?? [];
  if (!opsServices.includes(service)) throw notFound();
  return { service, id };
};

export const knownService = (name: string): string => {
  if (!opsServices.includes(name)) throw notFound();
  return name;
};

/** The operators' side of services. */
export class OpsClient {
  constructor(private readonly services: ServiceClient) {}

  ask<S extends z.ZodType>(
    service: string,
    path: string,
    schema: S,
    question: Question,
  ): Promise<z.output<S>> {
    return this.services.ask(service, `/internal/ops${path}`, schema, question);
  }

  /** Lines as they come; only the client ends it. */
  stream(service: string, path: string, question: Question): Promise<Response> {
    return this.services.stream(service, `/internal/ops${path}`, question);
  }
}
