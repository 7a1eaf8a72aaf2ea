import type { Client } from './client.js';

/** A fact of one area as the stream told it. */
export interface Heard {
  /** `escalated`, `supervised` … */
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Hearing {
  readonly heard: readonly Heard[];
  close(): void;
}

const factsIn = (block: string, area: string): Heard[] => {
  const line = (name: string): string =>
    block
      .split('\n')
      .find((each) => each.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? '';
  const text = line('data');
  const data = text ? (JSON.parse(text) as Heard['data']) : {};
  return data['area'] === area ? [{ name: line('event').split('.')[3] ?? '', data }] : [];
};

/** Follows the stream of warnings and keeps what it tells of an area, in order. */
export const hear = async (client: Client, area: string): Promise<Hearing> => {
  const ending = new AbortController();
  const response = await fetch(`${client.url}/v1/warnings/stream`, {
    headers: { authorization: `Bearer ${client.key}` },
    signal: ending.signal,
  });
  const heard: Heard[] = [];
  const follow = async (): Promise<void> => {
    let text = '';
    for await (const chunk of (response.body as ReadableStream<Uint8Array>).pipeThrough(
      new TextDecoderStream(),
    )) {
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop() ?? '';
      heard.push(...blocks.flatMap((block) => factsIn(block, area)));
    }
  };
  // It ends when it is closed, by an abort.
  void follow().catch(() => undefined);
  return { heard, close: () => ending.abort() };
};
