import { Outcome, OUTCOME_STREAM, type OutcomesWanted, type Principal } from '@linli/contracts';
import { PRINCIPAL_HEADER, signPrincipal, type ServiceParts } from '@linli/service';
import { WebSocket } from 'ws';
import { z } from 'zod';

const Outcomes = z.array(Outcome);
const HANDSHAKE_MS = 2_000;
const times = { tryEveryMs: 500, beatMs: 2_000 };

/** The stream itself belongs to no tenant: each command names its own. */
const gateway: Principal = { tenant: 'default', keyId: 'gateway', name: 'gateway', scopes: [], areas: null };

const outcomesIn = (text: string): readonly Outcome[] | null => {
  try {
    return Outcomes.parse(JSON.parse(text));
  } catch {
    return null;
  }
};

type Wake = (outcome: Outcome | null) => void;

/**
 * One connection on which the owner of commands tells what became of them as soon as it is committed, instead of a
 * request for each. Only a hint: nothing is lost when it breaks, and whoever hears nothing asks.
 */
export class OutcomeStream {
  private socket: WebSocket | null = null;
  private readonly waiting = new Map<string, Set<Wake>>();
  private unsaid: OutcomesWanted = [];
  private lastTry = Number.NEGATIVE_INFINITY;
  private closed = false;

  constructor(
    private readonly service: string,
    private readonly parts: Pick<ServiceParts, 'urlOf' | 'secrets'>,
    private readonly every = times,
  ) {}

  get open(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** The outcome of a command that is on its way or about to be; null after `waitMs`, and at once when nobody is heard. */
  next(commandId: string, tenant: string, waitMs: number, signal?: AbortSignal): Promise<Outcome | null> {
    if (!this.open) {
      this.connect();
      return Promise.resolve(null);
    }
    this.want({ commandId, tenant, waitMs: Math.ceil(waitMs) });
    return new Promise((resolve) => {
      const leave = (): void => wake(null);
      const timer = setTimeout(leave, waitMs);
      const wake: Wake = (outcome) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', leave);
        this.forget(commandId, wake);
        resolve(outcome);
      };
      this.waiting.set(commandId, (this.waiting.get(commandId) ?? new Set()).add(wake));
      if (signal?.aborted) leave();
      else signal?.addEventListener('abort', leave);
    });
  }

  close(): void {
    this.closed = true;
    this.socket?.terminate();
    this.wakeAll();
  }

  /** Those of one turn of the event loop go together. */
  private want(wanted: OutcomesWanted[number]): void {
    if (this.unsaid.push(wanted) > 1) return;
    setImmediate(() => {
      const { socket, unsaid } = this;
      this.unsaid = [];
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(unsaid));
    });
  }

  private forget(commandId: string, wake: Wake): void {
    const wakes = this.waiting.get(commandId);
    if (wakes?.delete(wake) && wakes.size === 0) this.waiting.delete(commandId);
  }

  private connect(): void {
    if (this.closed || this.socket || performance.now() - this.lastTry < this.every.tryEveryMs) return;
    this.lastTry = performance.now();
    const { urlOf, secrets } = this.parts;
    const url = `${urlOf(this.service).replace(/^http/u, 'ws')}${OUTCOME_STREAM}`;
    const headers = { [PRINCIPAL_HEADER]: signPrincipal(secrets, gateway) };
    const socket = new WebSocket(url, { headers, handshakeTimeout: HANDSHAKE_MS, perMessageDeflate: false });
    this.socket = socket;
    socket
      .on('message', (message) => this.hear(socket, (message as Buffer).toString()))
      .on('error', () => socket.terminate())
      .once('close', () => this.broken(socket))
      .once('open', () => this.watch(socket));
  }

  /** A peer that froze, or a connection of which only one end knows that it is no more, is not waited for. */
  private watch(socket: WebSocket): void {
    let heard = true;
    socket.on('pong', () => (heard = true));
    const beat = setInterval(() => {
      if (!heard) return socket.terminate();
      heard = false;
      socket.ping();
    }, this.every.beatMs).unref();
    socket.once('close', () => clearInterval(beat));
  }

  private hear(socket: WebSocket, text: string): void {
    const told = outcomesIn(text);
    if (!told) socket.terminate();
    for (const outcome of told ?? [])
      for (const wake of this.waiting.get(outcome.commandId) ?? []) wake(outcome);
  }

  private broken(socket: WebSocket): void {
    if (this.socket === socket) this.socket = null;
    this.wakeAll();
  }

  private wakeAll(): void {
    for (const wakes of this.waiting.values()) for (const wake of wakes) wake(null);
  }
}
