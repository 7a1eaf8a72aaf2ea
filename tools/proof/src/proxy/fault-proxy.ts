import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { pass, type Direction, type Fault, type ProxyCounts } from './fault.js';
import { Flow } from './flow.js';

export interface FaultProxyOptions {
  /** The server behind the proxy; it need not listen yet. */
  readonly target: { readonly host?: string; readonly port: number };
  /** Any free one unless told. */
  readonly port?: number;
}

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  readonly flows: Readonly<Record<Direction, Flow>>;
}

const directions: readonly Direction[] = ['up', 'down'];

/** A TCP proxy on loopback whose behaviour is switched while it runs. */
export class FaultProxy {
  private readonly connections = new Set<Connection>();
  private readonly faults: Record<Direction, Fault> = { up: pass, down: pass };
  private readonly bytes = { up: 0, down: 0 };
  private readonly met = { latency: 0, bandwidth: 0, 'black-hole': 0, cut: 0, reset: 0 };
  private accepted = 0;

  private constructor(
    private readonly listener: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {
    listener.on('connection', (client) => this.accept(client));
  }

  static async open({ target, port = 0 }: FaultProxyOptions): Promise<FaultProxy> {
    const listener = createServer({ allowHalfOpen: true, noDelay: true });
    const proxy = new FaultProxy(listener, { host: target.host ?? '127.0.0.1', port: target.port });
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  /** The address that clients use, `host:port`. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Takes effect at once on open and new connections; without a direction on both (one alone: half-open). */
  set(fault: Fault, direction?: Direction): void {
    for (const one of direction ? [direction] : directions) {
      this.faults[one] = fault;
      for (const { flows } of this.connections) flows[one].set(fault);
    }
    if (fault.kind === 'reset') this.reset();
  }

  heal(): void {
    this.set(pass);
  }

  /** Resets every open connection (RST on both sides) and returns how many there were; new ones are let in. */
  reset(): number {
    const open = [...this.connections];
    for (const connection of open) this.abort(connection, 'reset');
    return open.length;
  }

  counts(): ProxyCounts {
    return {
      connections: this.accepted,
      open: this.connections.size,
      bytes: { ...this.bytes },
      met: { ...this.met },
    };
  }

  async close(): Promise<void> {
    const closed = once(this.listener, 'close');
    this.listener.close();
    for (const { client, server } of this.connections) {
      client.destroy();
      server.destroy();
    }
    await closed;
  }

  private accept(client: Socket): void {
    this.accepted += 1;
    if (directions.some((direction) => this.faults[direction].kind === 'reset')) {
      this.met.reset += 1;
      client.resetAndDestroy();
      return;
    }
    const server = connect({ ...this.target, allowHalfOpen: true, noDelay: true });
    const connection: Connection = {
      client,
      server,
      flows: {
        up: this.flow('up', client, server, () => this.abort(connection, 'cut')),
        down: this.flow('down', server, client, () => this.abort(connection, 'cut')),
      },
    };
    this.connections.add(connection);
    this.follow(client, server, connection);
    this.follow(server, client, connection);
    for (const direction of directions) connection.flows[direction].set(this.faults[direction]);
  }

  private flow(direction: Direction, from: Socket, to: Socket, onCut: () => void): Flow {
    return new Flow(from, to, {
      onBytes: (count) => void (this.bytes[direction] += count),
      onMet: (kind) => void (this.met[kind] += 1),
      onCut,
    });
  }

  /** The error of one side becomes a reset of the other; an orderly end travels through the flow. */
  private follow(socket: Socket, other: Socket, connection: Connection): void {
    socket.on('error', () => other.resetAndDestroy());
    socket.on('close', () => this.connections.delete(connection));
  }

  private abort({ client, server }: Connection, kind: 'cut' | 'reset'): void {
    this.met[kind] += 1;
    client.resetAndDestroy();
    server.resetAndDestroy();
  }
}
