import { startProgram, type Program } from './program.js';

/** The first API key of a system under test. */
export const BOOTSTRAP_KEY = 'testing-bootstrap-key-0001';

/** What a system under test is told besides where its data and its servers are. */
export const linliEnvironment = {
  LINLI_PORT: '0',
  LINLI_HOST: '127.0.0.1',
  LINLI_API_KEY: BOOTSTRAP_KEY,
  LINLI_SECRET: 'testing-secret-of-more-than-thirty-two-characters',
  LINLI_LOG_LEVEL: 'warn',
};

/** Of Node, as `npm start` has them: what is alive under flood is a tenth of it, and less garbage piles up beside it. */
export const startFlags = ['--max-old-space-size=1024'] as const;
/** Of Node, as the image has them: a chunk's objects die young, instead of on the way of a warning. */
export const imageFlags = ['--max-semi-space-size=32'] as const;

/** `npm start`'s process. Its address is that of the public API; null where it does not run the gateway. */
export type LinliProgram = Program<string | null>;

export interface LinliProgramOptions {
  /** The file that `npm start` runs. */
  readonly main: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Of Node; those of `npm start` when not said. */
  readonly flags?: readonly string[];
  readonly hear?: (text: string) => void;
}

/** The public address once all has been said that the first line announces. */
export const linliUrlIn = (said: string): string | null | undefined => {
  const [, services] = /^Linli is ready after .*: (.*)\.$/mu.exec(said) ?? [];
  if (services === undefined) return undefined;
  const url = /^API\s+(http\S+)\/v1/mu.exec(said)?.[1];
  return services.includes('gateway') ? url : null;
};

export const startLinliProgram = ({
  main,
  flags = startFlags,
  environment,
  hear,
}: LinliProgramOptions): Promise<LinliProgram> =>
  startProgram({ args: [...flags, main], environment, urlIn: linliUrlIn, hear });
