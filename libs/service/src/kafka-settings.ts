import { z } from 'zod';
import { setting } from './setting.js';

/** How this process gets into the Kafka cluster. */
export interface KafkaAccess {
  readonly tls: boolean;
  /** PEM of the authority that signed the brokers' certificates; null = those that Node trusts. */
  readonly caFile: string | null;
  readonly sasl: {
    readonly mechanism: (typeof mechanisms)[number];
    readonly username: string;
    readonly password: string;
  } | null;
}

const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

export const kafkaSettings = {
  KAFKA_TLS: setting(z.enum(['off', 'on']).default('off'), 'off', 'TLS to the brokers: off or on.'),
  KAFKA_CA_FILE: setting(
    z.string().optional(),
    "Node's own",
    "PEM file of the authority that signed the brokers' certificates.",
  ),
  KAFKA_SASL: setting(
    z.enum(mechanisms).optional(),
    'none',
    `How to log in to the brokers: ${mechanisms.join(', ')}; plain only with \`KAFKA_TLS=on\`.`,
  ),
  KAFKA_USERNAME: setting(z.string().optional(), 'none', 'Name to log in with; needs `KAFKA_SASL`.'),
  KAFKA_PASSWORD: setting(z.string().optional(), 'none', 'Password to log in with; never logged.'),
};

type Read = {
  readonly [Name in keyof typeof kafkaSettings]?: z.infer<(typeof kafkaSettings)[Name]['schema']>;
};

/** What is wrong with the settings taken together. */
export const kafkaMistakes = ({ KAFKA_TLS, KAFKA_SASL, KAFKA_USERNAME, KAFKA_PASSWORD }: Read): string[] => [
  ...(KAFKA_SASL !== undefined && !(KAFKA_USERNAME && KAFKA_PASSWORD)
    ? ['needs KAFKA_USERNAME and KAFKA_PASSWORD']
    : []),
  ...(KAFKA_SASL === 'plain' && KAFKA_TLS !== 'on'
    ? ['plain shows the password to the network: set KAFKA_TLS=on']
    : []),
];

export const kafkaAccessOf = (read: Read): KafkaAccess => ({
  tls: read.KAFKA_TLS === 'on',
  caFile: read.KAFKA_CA_FILE ?? null,
  sasl: read.KAFKA_SASL
    ? {
        mechanism: read.KAFKA_SASL,
        username: read.KAFKA_USERNAME ?? '',
        password: read.KAFKA_PASSWORD ?? '',
      }
    : null,
});
