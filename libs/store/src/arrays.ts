/**
 * Array parameters for `unnest($1::text[], …)` in PostgreSQL's binary form, one value a row: nothing is escaped here and
 * nothing parsed there, which is half of the cost of a bulk statement. The driver sends a Buffer as it is.
 */

const HEADER = 20;
const NULL_LENGTH = -1;
/** Milliseconds from 1970 to 2000, where PostgreSQL's clock begins. */
const EPOCH = 946_684_800_000n;

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
  const most = values.reduce((sum, value) => sum + 4 + MOST_BYTES_A_CHARACTER * (value?.length ?? 0), 0);
  const buffer = begin(most, OID.text, rows.length);
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

/** `uuid[]`. */
export const uuids = fixed<string>(OID.uuid, 16, (buffer, value, at) => {
  const written = buffer.write(value.replaceAll('-', ''), at, 'hex');
  if (written !== 16) throw new RangeError(`"${value}" is not a UUID`);
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

/** `timestamptz[]` of milliseconds since 1970, as far as a Date goes. */
export const instants = fixed<number>(OID.timestamptz, 8, (buffer, value, at) => {
  if (!(Math.abs(value) <= MOST_MS)) throw new RangeError(`${value} is not an instant in milliseconds`);
  buffer.writeBigInt64BE((BigInt(Math.trunc(value)) - EPOCH) * 1000n, at);
});
