import { refuse, Refused } from '@linli/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { problem, problemAnswer, type ProblemAnswer, RefusedWith } from './problem.js';
import { refusedBy } from './refusals.js';

/** Answers an error as problem+json; logs it with its cause when it is ours. */
export type AnswerError = (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

const internal = (correlationId: string): ProblemAnswer => ({
  status: 500,
  headers: {},
  body: problem(500, { code: 'INTERNAL', detail: 'A fault of this service; it was logged.' }, correlationId),
});

/** Nobody is there to hear an answer, and nothing is wrong with us. */
const clientLeft = ({ raw }: FastifyRequest): boolean => raw.socket.destroyed;

export const answerErrorsWith =
  (logger: Logger): AnswerError =>
  (error, request, reply) => {
    const refused = refusedBy(error);
    const answer = refused ? problemAnswer(refused, request.id) : internal(request.id);
    if (!clientLeft(request) && answer.status >= 500) {
      logger.error(
        { err: error, correlationId: request.id, route: request.routeOptions?.url },
        'request failed',
      );
    }
    if (!reply.sent && !reply.raw.headersSent) {
      void reply
        .code(answer.status)
        .headers(answer.headers)
        .type(PROBLEM_JSON)
        .send(JSON.stringify(answer.body));
    }
  };

/** The refusal of a path that no route has, or not with this method. */
export const unknownRoute = (allowed: readonly string[]): Refused =>
  allowed.length === 0
    ? new Refused(refuse('ROUTE_NOT_FOUND', 'not-found', 'There is nothing at this address.'))
    : new RefusedWith(
        refuse('METHOD_NOT_ALLOWED', 'not-found', `This address takes ${allowed.join(', ')}.`),
        {
          status: 405,
          headers: { allow: allowed.join(', ') },
        },
      );
