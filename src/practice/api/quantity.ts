const pattern = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?\d+)?$/;
const binary: Readonly<Record<string, bigint>> = {Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n};
const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

type Format = 'binary' | 'decimal' | 'exponent';
/** A quantity as a whole number of nano units, and how it is written. */
export type Quantity = {readonly nano: bigint; readonly format: Format};

/** What the server says of a text that is no quantity. */
export const quantityMessage =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** Reads `500m`, `1.5Gi`, `1e3`; undefined for what is none. Below a nano unit it is rounded up, as the server does. */
export function parseQuantity(text: string): Quantity | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [, sign = '', number = '', suffix = ''] = match;
  const [whole = '', fraction = ''] = number.split('.');
  const digits = BigInt(`${whole}${fraction}` || '0');
  let numerator = digits * 1_000_000_000n;
  let denominator = 10n ** BigInt(fraction.length);
  let format: Format = 'decimal';
  const shift = binary[suffix];
  if (shift !== undefined) {
    numerator <<= shift;
    format = 'binary';
  } else {
    const isExponent = /^[eE][+-]?\d/.test(suffix);
    const power = isExponent ? Number(suffix.slice(1)) : decimal[suffix]!;
    if (isExponent) format = 'exponent';
    if (Math.abs(power) > 40) return undefined;
    if (power >= 0) numerator *= 10n ** BigInt(power);
    else denominator *= 10n ** BigInt(-power);
  }
  const nano = (numerator + denominator - 1n) / denominator;
  return {nano: sign === '-' ? -nano : nano, format};
}

const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];

/** The canonical text: no fraction, the largest suffix that keeps it whole. */
export function formatQuantity({nano, format}: Quantity): string {
  if (nano === 0n) return '0';
  const unit = 1_000_000_000n;
  const sign = nano < 0n ? '-' : '';
  let value = nano < 0n ? -nano : nano;
  if (format === 'binary' && value % unit === 0n && value >= 1024n * unit) {
    value /= unit;
    let index = 0;
    while (value % 1024n === 0n && index < 6) {
      value /= 1024n;
      index += 1;
    }
    return `${sign}${value}${binarySuffixes[index]}`;
  }
  let index = 0;
  while (value % 1000n === 0n && index < 9) {
    value /= 1000n;
    index += 1;
  }
  if (format === 'exponent') {
    const power = (index - 3) * 3;
    return `${sign}${value}${power === 0 ? '' : `e${power}`}`;
  }
  return `${sign}${value}${decimalSuffixes[index]}`;
}

/** The value in nano units of a quantity in an object, 0 where there is none: to compare and to add. */
export const nanoOf = (value: unknown): bigint =>
  typeof value === 'string' || typeof value === 'number' ? (parseQuantity(String(value))?.nano ?? 0n) : 0n;

export const formatNano = (nano: bigint, like: unknown): string =>
  formatQuantity({
    nano,
    format: (typeof like === 'string' ? parseQuantity(like)?.format : undefined) ?? 'decimal',
  });
