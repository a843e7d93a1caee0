import {plainText} from '../../engine/text.ts';
import {padEnd, padStart, widthOf} from '../layout.ts';
import type {Detail, FailingRow} from '../state.ts';

/** Where the columns of the failing objects stand. */
export type FailingColumns = {
  readonly namespace: number;
  readonly name: number;
  readonly nameHead: string;
  readonly kinds: boolean;
  /** Kinds are written as kubectl abbreviates them, so that names have room. */
  readonly shortKinds: boolean;
  readonly extra: number;
  readonly extraHead: string;
  readonly extraRight: boolean;
  readonly found: number;
  readonly where: number;
};

const longest = (texts: Iterable<string>, head: string): number => {
  let width = head.length;
  for (const text of texts) width = Math.max(width, widthOf(text));
  return width;
};

const columnsCache = new WeakMap<Detail['rows'], Map<number, FailingColumns>>();

/** Columns that fit the kinds of a control's objects and a width; kept, since each key draws them again. */
export function columnsOf(detail: Detail, width: number): FailingColumns {
  const known = columnsCache.get(detail.rows)?.get(width);
  if (known) return known;
  const made = makeColumns(detail, width);
  const widths = columnsCache.get(detail.rows) ?? new Map<number, FailingColumns>();
  columnsCache.set(detail.rows, widths.set(width, made));
  return made;
}

function makeColumns({rows, extraHead}: Detail, width: number): FailingColumns {
  const kinds = new Set(rows.map(({ref}) => ref.kind));
  const onDisk = rows.some(({source}) => source !== 'live');
  const spaces = rows.some(({ref}) => ref.namespace !== '');
  const room = width - 4;
  const namespace = spaces
    ? Math.min(
        16,
        longest(
          rows.map(({ref}) => plainText(ref.namespace)),
          'Namespace',
        ),
      ) + 2
    : 0;
  const narrow = width < 62;
  const wantedExtra =
    extraHead === '' || (narrow && extraHead !== 'Roles') || onDisk
      ? 0
      : Math.min(
          20,
          longest(
            rows.map((row) => row.extra),
            extraHead,
          ),
        ) + 2;
  const where = onDisk
    ? Math.min(
        30,
        longest(
          rows.map(({source}) => source),
          'Where',
        ),
      ) + 2
    : 0;
  const wanted = longest(
    rows.map((row) => row.found),
    'Found',
  );
  const nameWanted =
    longest(
      rows.map((row) => nameOf(row, kinds.size > 1)),
      kinds.size === 1 ? [...kinds][0]! : 'Object',
    ) + 2;
  const found = Math.min(wanted, width < 76 ? 10 : 18);
  const short = Math.max(0, nameWanted + found + namespace + wantedExtra + where - room);
  const extra =
    extraHead === 'Roles' ? wantedExtra : Math.max(Math.min(wantedExtra, 11), wantedExtra - short);
  const left = room - namespace - extra - where;
  const name = Math.max(12, Math.min(nameWanted, left - found));
  return {
    namespace,
    name,
    nameHead: kinds.size === 1 ? [...kinds][0]! : 'Object',
    kinds: kinds.size > 1,
    shortKinds: name < nameWanted,
    extra,
    extraHead,
    extraRight: extraHead === 'Roles',
    where,
    found: Math.max(4, left - name),
  };
}

/** As kubectl abbreviates kinds. */
const abbreviations: Readonly<Record<string, string>> = {
  ConfigMap: 'cm',
  CronJob: 'cj',
  DaemonSet: 'ds',
  Deployment: 'deploy',
  Ingress: 'ing',
  Pod: 'po',
  ReplicaSet: 'rs',
  ServiceAccount: 'sa',
  StatefulSet: 'sts',
};

export const nameOf = ({ref}: FailingRow, withKind: boolean, short = false): string =>
  plainText(withKind ? `${short ? (abbreviations[ref.kind] ?? ref.kind) : ref.kind} ${ref.name}` : ref.name);

export function headOf(columns: FailingColumns): string {
  const extra =
    columns.extra === 0
      ? ''
      : columns.extraRight
        ? `${padStart(columns.extraHead, columns.extra - 2)}  `
        : padEnd(columns.extraHead, columns.extra);
  return (
    padEnd(columns.namespace > 0 ? 'Namespace' : '', columns.namespace) +
    padEnd(columns.nameHead, columns.name) +
    extra +
    padEnd(columns.where > 0 ? 'Where' : '', columns.where) +
    'Found'
  );
}
