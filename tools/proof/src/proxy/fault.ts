/** What a proxy does to the bytes of one direction. Bytes are never reordered and, but for `cut`, never lost: as in TCP. */
export type Fault =
  | { readonly kind: 'pass' }
  | { readonly kind: 'latency'; readonly ms: number; readonly jitterMs?: number }
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number }
  /** Connections stay, nothing comes through, not even an end; what was held comes late once the fault is over. */
  | { readonly kind: 'black-hole' }
  /** Each connection is reset once it has carried so many bytes from now on. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Open connections are reset, new ones as soon as they come. */
  | { readonly kind: 'reset' };

/** `up`: from the client to the server. */
export type Direction = 'up' | 'down';

export const pass: Fault = { kind: 'pass' };

/** What a proxy has done since it was opened; the numbers by which a suite shows that its fault took place. */
export interface ProxyCounts {
  readonly connections: number;
  readonly open: number;
  /** Bytes that came through. */
  readonly bytes: Readonly<Record<Direction, number>>;
  /** Pieces of data that met the fault; for `cut` and `reset` the connections that were reset. */
  readonly met: Readonly<Record<Exclude<Fault['kind'], 'pass'>, number>>;
}
