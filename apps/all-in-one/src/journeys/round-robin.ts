import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;
/** One missed look is no news on a busy machine; that it drains is. */
const MISSES = 3;
const PATIENCE = 200;

/** A load balancer and its client in one: each request goes to the next gateway that says it is ready. */
export class RoundRobin {
  /** Requests answered by a gateway that had begun to drain. */
  duringDrain = 0;
  private readonly ready = new Map<string, boolean>();
  private readonly watching: Promise<unknown>;
  private turn = 0;
  private closed = false;

  constructor(
    private readonly urls: readonly string[],
    private readonly key: string,
  ) {
    for (const url of urls) this.ready.set(url, true);
    this.watching = Promise.all(urls.map((url) => this.watch(url)));
  }

  /** The status of the answer, or why there was none. Never tries twice. */
  async post(path: string, body: unknown): Promise<string> {
    const url = await this.next();
    try {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(15_000),
      });
      await response.arrayBuffer();
      if (response.headers.get('connection') === 'close') this.duringDrain += 1;
      return String(response.status);
    } catch (error) {
      return `${url}: ${String((error as Error).cause ?? error)}`;
    }
  }

  async sees(url: string): Promise<void> {
    while (!this.ready.get(url)) await pause(LOOK_EVERY_MS);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.watching;
  }

  private async next(): Promise<string> {
    for (let look = 0; look < PATIENCE; look += 1) {
      for (const _ of this.urls) {
        this.turn = (this.turn + 1) % this.urls.length;
        const url = this.urls[this.turn] ?? '';
        if (this.ready.get(url)) return url;
      }
      await pause(LOOK_EVERY_MS);
    }
    throw new Error('no gateway is ready');
  }

  private async watch(url: string): Promise<void> {
    for (let misses = 0; !this.closed;) {
      const said = await this.look(url);
      misses = said === 'ready' ? 0 : said === 'draining' ? MISSES : misses + 1;
      if (misses === 0 || misses >= MISSES) this.ready.set(url, misses === 0);
      await pause(LOOK_EVERY_MS);
    }
  }

  private async look(url: string): Promise<'ready' | 'draining' | 'missed'> {
    try {
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1000) });
      const said = await response.text();
      if (response.status === 200) return 'ready';
      return said.includes('draining') ? 'draining' : 'missed';
    } catch {
      return 'missed';
    }
  }
}
