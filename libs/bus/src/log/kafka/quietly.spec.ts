import kafkajs from 'kafkajs';
import { describe, expect, it, jest } from '@jest/globals';
import { quietly } from './quietly.js';

const { ERROR, WARN } = kafkajs.logLevel;

const said = (entries: readonly (readonly [number, string, string?])[]): string[] => {
  const heard: string[] = [];
  const at =
    (level: string) =>
    (_: unknown, message?: string): void => {
      heard.push(`${level} ${message}`);
    };
  const logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const tell = quietly(logger);
  for (const [level, message, error] of entries) {
    tell({ namespace: 'Connection', level, label: '', log: { timestamp: '', message, error } });
  }
  return heard;
};

describe('the noise of kafkajs', () => {
  it('is told once at info where it passes by itself', () => {
    const loading = 'The coordinator is loading and hence can’t process requests for this group';
    expect(
      said([
        [ERROR, 'Response JoinGroup', loading],
        [ERROR, 'Response JoinGroup', loading],
        [WARN, 'The group is rebalancing, re-joining'],
      ]),
    ).toEqual([
      'info Response JoinGroup',
      'debug Response JoinGroup',
      'debug The group is rebalancing, re-joining',
    ]);
  });

  it('is told at warn, the same words once in ten seconds', () => {
    const clock = jest.spyOn(performance, 'now').mockReturnValue(1_000_000);
    const refused = [ERROR, 'Connection error: connect ECONNREFUSED'] as const;
    expect(said([refused, refused, [ERROR, 'Crash'], [WARN, 'something']])).toEqual([
      'warn Connection error: connect ECONNREFUSED',
      'debug Connection error: connect ECONNREFUSED',
      'warn Crash',
      'debug something',
    ]);
    clock.mockRestore();
  });
});
