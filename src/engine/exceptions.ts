import {asString} from './json.ts';
import {annotationsOf, type Resource} from './objects.ts';
import type {Accept, Acceptance} from './scan.ts';

/** Accepted findings: which, why, until when. `*` in a field stands for any text; an absent field for any value. */
export type Exception = {
  readonly controls: readonly string[];
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly reason: string;
  /** Last day, `YYYY-MM-DD`, or `never`. */
  readonly until: string;
  readonly by?: string;
};

/** On the object itself: `C-0034, C-0016 until 2027-05-23: needs its token`. */
export const acceptAnnotation = 'kubekata.dev/accept';

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `23 May 2027`. */
export const longDate = (date: string): string => {
  const [year, month, day] = date.split('-').map(Number);
  return `${day} ${months[(month ?? 1) - 1]} ${year}`;
};

/** Whether it is a day of the calendar as `2027-05-23`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function acceptance(
  {reason, until, by}: Pick<Exception, 'reason' | 'until' | 'by'>,
  today: string,
): Acceptance {
  const who = by ? ` by ${by}` : '';
  if (until === 'never') return {reason: `${reason} (accepted${who}, without an end)`};
  const expired = until < today;
  return expired
    ? {reason: `Accepted until ${longDate(until)}${who}: the date has passed.`, expired}
    : {reason: `${reason} (accepted until ${longDate(until)}${who})`};
}

const matches = (pattern: string | undefined, text: string): boolean => {
  if (pattern === undefined || pattern === text) return true;
  if (!pattern.includes('*')) return false;
  const parts = pattern.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
};

const covers = (exception: Exception, control: string, {kind, namespace, name}: Resource): boolean =>
  exception.controls.some((pattern) => matches(pattern, control)) &&
  matches(exception.kind, kind) &&
  matches(exception.namespace, namespace) &&
  matches(exception.name, name);

/** What an annotation accepts; undefined where it names another control or can't be read. */
function annotated(control: string, resource: Resource, today: string): Acceptance | undefined {
  const text = asString(annotationsOf(resource.object)[acceptAnnotation]);
  const match = /^\s*([\w*][\w*,\s-]*?)\s+until\s+(\d{4}-\d{2}-\d{2}|never)\s*:\s*(\S.*)$/s.exec(text);
  const [, ids = '', until = '', reason = ''] = match ?? [];
  if (match === null || (until !== 'never' && !isDate(until))) return undefined;
  const named = ids.split(/[\s,]+/).some((pattern) => matches(pattern, control));
  return named ? acceptance({reason: reason.trim(), until}, today) : undefined;
}

/** Looks findings up among exceptions and annotations. An entry that holds goes before one that has expired. */
export const acceptBy =
  (exceptions: readonly Exception[], today: string): Accept =>
  (control, resource) => {
    const found = exceptions
      .filter((exception) => covers(exception, control, resource))
      .map((exception) => acceptance(exception, today));
    const onObject = annotated(control, resource, today);
    if (onObject) found.push(onObject);
    return found.find(({expired}) => !expired) ?? found[0];
  };
