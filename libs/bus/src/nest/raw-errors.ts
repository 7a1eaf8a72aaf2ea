import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/**
 * Nest's own filter answers every error with `{ status: 'error', message: 'Internal server error' }`. The bus has to see
 * the error itself: whether a database was away or a message is poison is decided by it.
 */
@Catch()
export class RawErrors implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
