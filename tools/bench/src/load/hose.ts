import { seededRandom } from '@linli/kernel';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { bodies, type Body } from './bodies.js';
import type { HoseMark, HoseOptions, HoseOrder } from './hose-wire.js';

/** The load generator, a process of its own: posts bodies made beforehand as fast as it is let. */
class Hose {
  private readonly agent: Agent;
  private readonly waiting: Body[];
  private readonly took: number[] = [];
  private readonly failures = new Map<string, number>();
  private sequence: number;
  private accepted = 0;
  private held = true;
  private busy = 0;
  private next = 0;

  constructor(private readonly options: HoseOptions) {
    const { batch, name, now, rising, seed, concurrency } = options;
    this.waiting = bodies(options.pool, batch, { random: seededRandom(seed), now, name, rising });
    this.sequence = options.firstSequence;
    this.agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  }

  hear(order: HoseOrder): void {
    if (order === 'go') {
      this.held = false;
      this.fill();
    } else if (order === 'hold') {
      this.held = true;
    } else {
      process.send?.(this.mark());
    }
  }

  private mark(): HoseMark {
    const { user, system } = process.cpuUsage();
    return {
      accepted: this.accepted,
      atMs: performance.now(),
      cpuUs: user + system,
      tookMs: this.took.splice(0),
      failures: Object.fromEntries(this.failures),
      busy: this.busy,
    };
  }

  private fill(): void {
    const { paceMs = 0, concurrency } = this.options;
    if (paceMs > 0) return this.pace(paceMs);
    while (!this.held && this.busy < concurrency) this.post();
  }

  /** Open loop: one body every `paceMs`, whatever the answers do. */
  private pace(paceMs: number): void {
    this.next = Math.max(this.next, performance.now());
    const tick = (): void => {
      if (this.held) return;
      while (this.next <= performance.now() && this.waiting.length > 0) {
        this.next += paceMs;
        this.post();
      }
      setTimeout(tick, 1);
    };
    tick();
  }

  private post(): void {
    const body = this.waiting.shift();
    if (!body) throw new Error('the pool of bodies is too small for this concurrency');
    body.number((this.sequence += 1));
    this.busy += 1;
    const began = performance.now();
    this.send(body).then(
      (answer) => this.done(body, performance.now() - began, answer),
      (error: unknown) => this.done(body, performance.now() - began, String(error)),
    );
  }

  private done(body: Body, tookMs: number, answer: string): void {
    this.busy -= 1;
    this.waiting.push(body);
    if (answer === 'accepted') {
      this.accepted += body.events;
      this.took.push(tookMs);
    } else {
      this.failures.set(answer, (this.failures.get(answer) ?? 0) + 1);
    }
    if (this.options.paceMs === undefined) this.fill();
  }

  /** Only the head of the answer is read: it says how many were accepted. */
  private send(body: Body): Promise<string> {
    const { url, key } = this.options;
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': body.bytes.length,
    };
    return new Promise((resolve, reject) => {
      const asked = request(url, { method: 'POST', agent: this.agent, headers }, (response) => {
        let head = '';
        response.on('data', (part: Buffer) => {
          if (head.length < 100) head += part.toString('latin1', 0, 200);
        });
        response.once('error', reject).once('end', () => {
          const whole = response.statusCode === 202 && head.includes(`"accepted":${body.events},`);
          resolve(whole ? 'accepted' : `${response.statusCode} ${head.slice(0, 100)}`);
        });
      });
      asked.once('error', reject).end(body.bytes);
    });
  }
}

const hose = new Hose(JSON.parse(process.argv[2] ?? '{}') as HoseOptions);
process.on('message', (order: HoseOrder) => hose.hear(order)).once('disconnect', () => process.exit(0));
process.send?.('ready');
