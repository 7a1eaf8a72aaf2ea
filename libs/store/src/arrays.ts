/**
 * Array parameters for `unnest($1::text[], …)` in PostgreSQL's binary form, one value a row: nothing is escaped here and
 * nothing parsed there, which is half of the cost of a bulk statement. The driver sends a Buffer as it is.
 */

const HEADER = 20;
const NULL_LENGTH = -1;
/** Milliseconds from 1970 to 2000, where PostgreSQL's clock begins. */
const EPOCH = 946_684_800_000;

const OID = { boolean: 16, int4: 23, text: 25, float8: 701, timestamptz: 1184, uuid: 2950 } as const;

/** array_recv: dimensions, whether there are nulls, element type, length, lower bound; then each length and value. */
const begin = (size: number, type: number, length: number): Buffer => {
  const buffer = Buffer.allocUnsafe(HEADER + size);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(type, 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
};

/** Short texts of one byte a character, which are most, are faster written here than by a call out of the engine. */
const SHORT = 40;

const writeText = (buffer: Buffer, value: string, at: number): number => {
  const { length } = value;
  if (length > SHORT) return buffer.write(value, at);
  for (let n = 0; n < length; n += 1) {
    const code = value.charCodeAt(n);
    if (code > 127) return buffer.write(value, at);
    buffer[at + n] = code;
  }
  return length;
};

const MOST_BYTES_A_CHARACTER = 3;

/** `text[]` of what `of` finds in each row. */
export const texts = <Row>(rows: readonly Row[], of: (row: Row) => string | null): Buffer => {
  const values = rows.map(of);
  let characters = 0;
  for (const value of values) characters += value?.length ?? 0;
  const buffer = begin(4 * rows.length + MOST_BYTES_A_CHARACTER * characters, OID.text, rows.length);
  let at = HEADER;
  for (const value of values) {
    const size = value === null ? NULL_LENGTH : writeText(buffer, value, at + 4);
    buffer.writeInt32BE(size, at);
    at += 4 + Math.max(0, size);
  }
  return buffer.subarray(0, at);
};

type Write<T> = (buffer: Buffer, value: T, at: number) => void;

const fixed =
  <T>(type: number, size: number, write: Write<T>) =>
  <Row>(rows: readonly Row[], of: (row: Row) => T | null): Buffer => {
    const buffer = begin((4 + size) * rows.length, type, rows.length);
    let at = HEADER;
    for (const row of rows) {
      const value = of(row);
      buffer.writeInt32BE(value === null ? NULL_LENGTH : size, at);
      if (value !== null) write(buffer, value, at + 4);
      at += value === null ? 4 : 4 + size;
    }
    return buffer.subarray(0, at);
  };

const digitOf = (code: number): number => {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
};

/** Places of the pairs of digits in a UUID. */
const PAIRS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/** `uuid[]`. */
export const uuids = fixed<string>(OID.uuid, 16, (buffer, value, at) => {
  let to = at;
  let bad = value.length === 36 ? 0 : -1;
  for (const pair of PAIRS) {
    const [high, low] = [digitOf(value.charCodeAt(pair)), digitOf(value.charCodeAt(pair + 1))];
    bad |= high | low;
    buffer[to] = (high << 4) | low;
    to += 1;
  }
  if (bad < 0) throw new RangeError(`"${value}" is not a UUID`);
});

/** `int4[]`. */
export const integers = fixed<number>(OID.int4, 4, (buffer, value, at) => buffer.writeInt32BE(value, at));

/** `float8[]`. */
export const doubles = fixed<number>(OID.float8, 8, (buffer, value, at) => buffer.writeDoubleBE(value, at));

/** `boolean[]`. */
export const booleans = fixed<boolean>(OID.boolean, 1, (buffer, value, at) => {
  buffer[at] = value ? 1 : 0;
});

const MOST_MS = 8.64e15;
/** Up to here, some 280 years around 2000, microseconds are exact numbers. */
const EXACT_MS = 2 ** 53 / 1000;
const TWO_TO_32 = 2 ** 32;

const writeMicros = (buffer: Buffer, ms: number, at: number): void => {
  if (Math.abs(ms) > EXACT_MS) {
    buffer.writeBigInt64BE(BigInt(ms) * 1000n, at);
    return;
  }
  const high = Math.floor((ms * 1000) / TWO_TO_32);
  buffer.writeInt32BE(high, at);
  buffer.writeUInt32BE(ms * 1000 - high * TWO_TO_32, at + 4);
};

/** `timestamptz[]` of milliseconds since 1970, as far as a Date goes. */
export const instants = fixed<number>(OID.timestamptz, 8, (buffer, value, at) => {
  if (!(Math.abs(value) <= MOST_MS)) throw new RangeError(`${value} is not an instant in milliseconds`);
  writeMicros(buffer, Math.trunc(value) - EPOCH, at);
});
