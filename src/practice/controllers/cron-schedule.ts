type Field = ReadonlySet<number>;
export type Schedule = {
  readonly minutes: Field;
  readonly hours: Field;
  readonly days: Field;
  readonly months: Field;
  readonly weekdays: Field;
  readonly isAnyDay: boolean;
  readonly isAnyWeekday: boolean;
};

const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Reads five cron fields, with names, ranges, lists, steps and the macros; undefined for what is none. */
export function parseSchedule(text: string): Schedule | undefined {
  const fields = (macros[text.trim().toLowerCase()] ?? text).trim().split(/\s+/);
  if (fields.length !== 5) return undefined;
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const parsed = [
    parseField(minute, 0, 59, []),
    parseField(hour, 0, 23, []),
    parseField(day, 1, 31, []),
    parseField(month, 1, 12, ['', ...months]),
    parseField(weekday, 0, 7, weekdays),
  ];
  const [minutes, hours, days, monthSet, weekdaySet] = parsed;
  if (!minutes || !hours || !days || !monthSet || !weekdaySet) return undefined;
  return {
    minutes,
    hours,
    days,
    months: monthSet,
    weekdays: new Set([...weekdaySet].map((value) => value % 7)),
    isAnyDay: /^[*?]/.test(day),
    isAnyWeekday: /^[*?]/.test(weekday),
  };
}

function parseField(text: string, least: number, most: number, names: readonly string[]): Field | undefined {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part);
    if (!match) return undefined;
    const [, from = '', to, step] = match;
    const isAny = from === '*' || from === '?';
    const first = isAny ? least : numberOf(from, names);
    const last = to !== undefined ? numberOf(to, names) : isAny || step !== undefined ? most : first;
    if (first === undefined || last === undefined || first < least || last > most || step === '0')
      return undefined;
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

function numberOf(text: string, names: readonly string[]): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const index = names.indexOf(text.toLowerCase().slice(0, 3));
  return index < 0 ? undefined : index;
}

const minute = 60_000;

/** The first time after `after` (both milliseconds since 1970) that the schedule names, within five years. */
export function nextTime(schedule: Schedule, after: number, timeZone = 'UTC'): number | undefined {
  const parts = partsIn(timeZone);
  let time = (Math.floor(after / minute) + 1) * minute;
  const end = after + 5 * 366 * 24 * 60 * minute;
  while (time < end) {
    const at = parts(time);
    if (!schedule.months.has(at.month) || !isDay(schedule, at)) {
      time += (24 * 60 - (at.hour * 60 + at.minute)) * minute;
    } else if (!schedule.hours.has(at.hour)) time += (60 - at.minute) * minute;
    else if (!schedule.minutes.has(at.minute)) time += minute;
    else return time;
  }
  return undefined;
}

type Parts = {
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
};

/** Either of day and weekday will do when both are narrowed. */
function isDay({days, weekdays: allowed, isAnyDay, isAnyWeekday}: Schedule, at: Parts): boolean {
  if (isAnyDay || isAnyWeekday) return days.has(at.day) && allowed.has(at.weekday);
  return days.has(at.day) || allowed.has(at.weekday);
}

function partsIn(timeZone: string): (time: number) => Parts {
  if (timeZone === 'UTC') {
    return (time) => {
      const date = new Date(time);
      return {
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        weekday: date.getUTCDay(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
      };
    };
  }
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  return (time) => {
    const found = Object.fromEntries(format.formatToParts(time).map(({type, value}) => [type, value]));
    return {
      month: Number(found.month),
      day: Number(found.day),
      weekday: weekdays.indexOf((found.weekday ?? '').toLowerCase()),
      hour: Number(found.hour),
      minute: Number(found.minute),
    };
  };
}
