import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnswerError } from './answer-errors.js';

/** Hands every exception of a Nest handler to the one place that answers errors. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly answer: AnswerError) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}
