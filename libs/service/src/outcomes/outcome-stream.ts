import { setMaxListeners } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Bus } from '@linli/bus';
import { OUTCOME_STREAM, OutcomesWanted, type Outcome } from '@linli/contracts';
import type { FastifyInstance } from 'fastify';
import { WebSocketServer, type WebSocket } from 'ws';
import { PRINCIPAL_HEADER, readPrincipal } from '../principal/signed-principal.js';
import type { Secrets } from '../secrets.js';

/** Of one gateway. What is beyond it is not answered here, and asked for in the end. */
const MOST_WAITING = 5_000;
const MOST_UNSENT_BYTES = 4 * 1024 * 1024;
const MOST_BYTES = 1024 * 1024;
const GOING_AWAY = 1001;
const NOT_UNDERSTOOD = 1007;

type Outcomes = Pick<Bus, 'nextOutcome'>;

const wantedIn = (text: string): OutcomesWanted | null => {
  try {
    return OutcomesWanted.parse(JSON.parse(text));
  } catch {
    return null;
  }
};

/** What one gateway waits for. It holds nothing that is not in the database as well. */
class Listening {
  private readonly ending = new AbortController();
  private waiting = 0;
  private untold: Outcome[] = [];

  constructor(
    private readonly socket: WebSocket,
    private readonly outcomes: Outcomes,
  ) {
    setMaxListeners(0, this.ending.signal);
    socket
      .on('message', (message) => this.hear((message as Buffer).toString()))
      .on('close', () => this.ending.abort())
      .on('error', () => socket.terminate());
  }

  private hear(text: string): void {
    const wanted = wantedIn(text);
    if (wanted) for (const one of wanted) void this.wait(one);
    else this.socket.close(NOT_UNDERSTOOD);
  }

  private async wait({ commandId, tenant, waitMs }: OutcomesWanted[number]): Promise<void> {
    if (this.waiting >= MOST_WAITING) return;
    this.waiting += 1;
    const outcome = await this.outcomes.nextOutcome(commandId, waitMs, this.ending.signal);
    this.waiting -= 1;
    if (outcome?.tenant === tenant) this.tell(outcome);
  }

  /** Those of one commit go together. */
  private tell(outcome: Outcome): void {
    if (this.untold.push(outcome) === 1) setImmediate(() => this.write());
  }

  private write(): void {
    const { socket, untold } = this;
    this.untold = [];
    if (socket.readyState !== socket.OPEN) return;
    // Whoever does not read is let go, and asks when it can again.
    if (socket.bufferedAmount > MOST_UNSENT_BYTES) socket.terminate();
    else socket.send(JSON.stringify(untold));
  }
}

const refuse = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

/** Tells gateways the outcomes that they wait for as soon as they are committed: a hint, `GET` tells the same. */
export const mountOutcomes = (
  fastify: FastifyInstance,
  { bus, secrets }: { readonly bus: Outcomes; readonly secrets: Secrets },
): void => {
  const server = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES });
  fastify.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const header = request.headers[PRINCIPAL_HEADER];
    if (request.url !== OUTCOME_STREAM) refuse(socket, '404 Not Found');
    else if (!readPrincipal(secrets, typeof header === 'string' ? header : undefined))
      refuse(socket, '401 Unauthorized');
    else server.handleUpgrade(request, socket, head, (opened) => void new Listening(opened, bus));
  });
  // They would hold the server open.
  fastify.addHook('preClose', (done) => {
    for (const opened of server.clients) opened.close(GOING_AWAY);
    setTimeout(() => server.clients.forEach((opened) => opened.terminate()), 500).unref();
    done();
  });
};
