import type { Socket } from 'node:net';
import { pass, type Fault } from './fault.js';

const MAX_QUEUED_BYTES = 1_048_576;

export interface FlowEvents {
  readonly onBytes: (count: number) => void;
  readonly onMet: (kind: Exclude<Fault['kind'], 'pass'>) => void;
  /** The connection has carried what it may. */
  readonly onCut: () => void;
}

interface Piece {
  readonly data: Buffer;
  readonly due: number;
}

/** One direction of one connection. */
export class Flow {
  private readonly queue: Piece[] = [];
  private queued = 0;
  private lastDue = 0;
  private left = Infinity;
  private ended = false;
  private timer: NodeJS.Timeout | null = null;
  private fault: Fault = pass;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly events: FlowEvents,
  ) {
    from.on('data', (data) => this.take(data));
    from.on('end', () => {
      this.ended = true;
      this.deliver();
    });
    to.on('drain', () => this.deliver());
    from.on('close', () => this.timer && clearTimeout(this.timer));
  }

  set(fault: Fault): void {
    this.fault = fault;
    this.left = fault.kind === 'cut' ? fault.afterBytes : Infinity;
    this.deliver();
  }

  private take(data: Buffer): void {
    if (this.fault.kind === 'latency' || this.fault.kind === 'bandwidth') this.events.onMet(this.fault.kind);
    this.lastDue = Math.max(this.lastDue, this.dueOf(data.length));
    this.queue.push({ data, due: this.lastDue });
    this.queued += data.length;
    if (this.fault.kind === 'black-hole') this.events.onMet('black-hole');
    if (this.queued > MAX_QUEUED_BYTES) this.from.pause();
    this.deliver();
  }

  private dueOf(length: number): number {
    const now = performance.now();
    if (this.fault.kind === 'latency')
      return now + this.fault.ms + Math.random() * (this.fault.jitterMs ?? 0);
    if (this.fault.kind === 'bandwidth')
      return Math.max(now, this.lastDue) + (length * 1000) / this.fault.bytesPerSecond;
    return now;
  }

  private deliver(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.fault.kind === 'black-hole') return;
    for (let piece = this.queue[0]; piece; piece = this.queue[0]) {
      const wait = piece.due - performance.now();
      if (wait > 0) {
        this.timer = setTimeout(() => this.deliver(), wait);
        return;
      }
      if (this.to.writableNeedDrain) return;
      this.queue.shift();
      this.queued -= piece.data.length;
      if (!this.forward(piece.data)) return;
    }
    if (this.ended) this.to.end();
    else this.from.resume();
  }

  private forward(data: Buffer): boolean {
    const sent = data.subarray(0, this.left);
    this.left -= sent.length;
    this.events.onBytes(sent.length);
    if (this.left > 0) {
      this.to.write(sent);
      return true;
    }
    // A reset throws away what was not sent yet: what may still pass goes out first.
    this.to.write(sent, () => this.events.onCut());
    return false;
  }
}
