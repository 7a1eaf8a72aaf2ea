import type { Principal } from '@linli/contracts';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set by the door before the body is read. */
    principal: Principal | null;
  }
}

/** The principal who asks: `@Caller() caller: Principal`. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!principal) {
    throw new Error('this route has no caller: it is open to everybody');
  }
  return principal;
});
