import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

const NDJSON = 'application/x-ndjson; charset=utf-8';

async function* textOf(lines: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`;
}

/** Sends each line as it comes. */
export const sendLines = (reply: FastifyReply, lines: AsyncIterable<unknown>): FastifyReply =>
  reply
    .code(200)
    .type(NDJSON)
    .header('x-accel-buffering', 'no')
    .send(Readable.from(textOf(lines)));
