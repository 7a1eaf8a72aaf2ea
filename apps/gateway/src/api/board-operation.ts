import { z } from 'zod';
import type { Operation } from './operation.js';

/** Bull Board: its page, its files and what the page asks for. All of them are one operation. */
export const board: Operation = {
  id: 'opsBoard',
  method: 'GET',
  path: '/v1/ops/board/*',
  scope: 'ops',
  tag: 'Operators',
  summary: 'The alarms of deadlines in BullMQ, to be looked at',
  answers: { 200: { means: 'HTML, a file, or JSON.', body: z.string(), type: 'text/html' } },
  problems: { 403: ['GTW_AREA_LIMITED'], 503: ['GTW_BOARD_UNAVAILABLE'] },
  unlisted: true,
  byBrowser: true,
};
