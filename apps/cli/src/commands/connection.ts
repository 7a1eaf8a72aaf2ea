/** How a client verb reaches the system. */
export interface Connection {
  readonly url: string;
  readonly key: string;
  readonly json?: boolean;
}
