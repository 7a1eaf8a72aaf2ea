// Rebuilds data/district.csv, data/casework-2023.csv.gz and data/casework-2023.json from the whole year:
//   node scripts/cut-casework.mjs <nyc-casework-2023.csv.gz>
// Deterministic: the same input gives the same bytes. What is cut, and why: data/README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

const FROM = '2023-04-01';
const TO = '2023-09-30';
/** A zip and a community board that meet less often than this in the year are taken for a slip of the pen. */
const MET_OFTEN_ENOUGH = 5;
/** Without a counterpart among the categories; carried so that the quarantine is seen at work. */
const CARRIED_UNMAPPED = new Set(['Parks|Dead Tree Removal']);
const STREETS = { Manhattan: '001', Bronx: '002', Brooklyn: '003', Queens: '004', 'Staten Island': '005' };

const data = (name) => new URL(`../data/${name}`, import.meta.url);
const csv = (text) => parse(text, { columns: true });
const kindOf = (row) => `${row.complaint_type}|${row.descriptor}`;
const pairOf = (row) => `${row.community_board}|${row.zip}`;
const quote = (value) => (/[",\n]/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const table = (columns, rows) =>
  [columns, ...rows.map((row) => columns.map((c) => quote(String(row[c]))))]
    .map((r) => `${r.join(',')}\n`)
    .join('');

const communityOf = (board) => {
  const [number, borough] = [board.slice(0, 2), board.slice(3)];
  return { area: `330106${STREETS[borough]}0${number}`, community: `${borough} ${Number(number)}` };
};

const isPlaced = (row) =>
  /^1[0-9]{4}$/u.test(row.zip) &&
  /^[0-9]{2} (?:Manhattan|Bronx|Brooklyn|Queens|Staten Island)$/u.test(row.community_board);

const countPairs = (rows) => {
  const pairs = new Map();
  for (const row of rows.filter(isPlaced)) pairs.set(pairOf(row), (pairs.get(pairOf(row)) ?? 0) + 1);
  return [...pairs].filter(([, count]) => count >= MET_OFTEN_ENOUGH);
};

/** The grids: one for each zip of a community, numbered in the order of the zips. */
const layDistrict = (pairs) => {
  const last = new Map();
  return pairs
    .map(([pair]) => ({ community_board: pair.split('|')[0], zip: pair.split('|')[1] }))
    .map((cell) => ({ ...cell, ...communityOf(cell.community_board) }))
    .sort((a, b) => (a.area + a.zip < b.area + b.zip ? -1 : 1))
    .map((cell) => {
      last.set(cell.area, (last.get(cell.area) ?? 0) + 1);
      return { ...cell, grid: `${cell.area}-${String(last.get(cell.area)).padStart(2, '0')}` };
    });
};

/** The board written in the row where it is plausible, else the commonest board of the zip. */
const placing = (pairs) => {
  const known = new Set(pairs.map(([pair]) => pair));
  const commonest = new Map();
  for (const [pair] of [...pairs].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))) {
    const [board, zip] = pair.split('|');
    if (!commonest.has(zip)) commonest.set(zip, board);
  }
  return (row) => (known.has(pairOf(row)) ? row.community_board : commonest.get(row.zip));
};

const cut = (rows, place, mapped) => {
  const seen = new Set();
  const counts = { inPeriod: 0, withoutCounterpart: 0, withoutPlace: 0, repeatedKeys: 0, placedByZip: 0 };
  const kept = rows
    .filter((row) => row.opendate >= FROM && row.opendate <= TO)
    .flatMap((row) => {
      counts.inPeriod += 1;
      const isMapped = mapped.has(kindOf(row));
      if (!isMapped) counts.withoutCounterpart += 1;
      if (!isMapped && !CARRIED_UNMAPPED.has(kindOf(row))) return [];
      const board = place(row);
      if (board === undefined) return ((counts.withoutPlace += 1), []);
      if (seen.has(row.unique_key)) return ((counts.repeatedKeys += 1), []);
      seen.add(row.unique_key);
      if (board !== row.community_board) counts.placedByZip += 1;
      return [{ ...row, community_board: board }];
    });
  kept.sort((a, b) => (a.opendate + a.unique_key < b.opendate + b.unique_key ? -1 : 1));
  return { kept, counts };
};

const year = csv(gunzipSync(readFileSync(process.argv[2])));
const mapped = new Set(csv(readFileSync(data('casework-mapping.csv'))).map(kindOf));
const pairs = countPairs(year);
const { kept, counts } = cut(year, placing(pairs), mapped);
const carriedUnmapped = kept.filter((row) => !mapped.has(kindOf(row))).length;

writeFileSync(
  data('district.csv'),
  table(['area', 'community', 'grid', 'community_board', 'zip'], layDistrict(pairs)),
);
const columns = ['unique_key', 'opendate', 'complaint_type', 'descriptor', 'zip', 'community_board'];
writeFileSync(data('casework-2023.csv.gz'), gzipSync(table(columns, kept), { level: 9 }));
const report = { from: FROM, to: TO, year: year.length, ...counts, carried: kept.length, carriedUnmapped };
writeFileSync(data('casework-2023.json'), `${JSON.stringify(report, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(report)}\n`);
