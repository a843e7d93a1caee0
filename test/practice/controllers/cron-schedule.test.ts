import {expect, test} from 'vitest';
import {nextTime, parseSchedule} from '../../../src/practice/controllers/cron-schedule.ts';

const after = (schedule: string, from: string, timeZone?: string): string | undefined => {
  const next = nextTime(parseSchedule(schedule)!, Date.parse(from), timeZone);
  return next === undefined ? undefined : new Date(next).toISOString().slice(0, 16);
};

test.each([
  ['15 3 * * *', '2026-05-02T03:14:59Z', '2026-05-02T03:15'],
  ['15 3 * * *', '2026-05-02T03:15:00Z', '2026-05-03T03:15'],
  ['*/20 8-9 * * *', '2026-05-02T09:45:00Z', '2026-05-03T08:00'],
  ['0 0 29 2 *', '2026-05-02T00:00:00Z', '2028-02-29T00:00'],
  ['0 12 * * mon-fri', '2026-05-02T00:00:00Z', '2026-05-04T12:00'],
  ['0 12 13 * fri', '2026-05-02T00:00:00Z', '2026-05-08T12:00'],
  ['0 6 * * 7', '2026-05-02T00:00:00Z', '2026-05-03T06:00'],
  ['@hourly', '2026-05-02T08:14:00Z', '2026-05-02T09:00'],
  ['5,10 * * jan *', '2026-05-02T08:14:00Z', '2027-01-01T00:05'],
])('%s after %s', (schedule, from, next) => {
  expect(after(schedule, from)).toBe(next);
});

test('a time zone moves the hour', () => {
  expect(after('0 3 * * *', '2026-05-02T00:00:00Z', 'Europe/Berlin')).toBe('2026-05-02T01:00');
});

test.each(['* * * *', '60 * * * *', '* 24 * * *', 'x * * * *', '*/0 * * * *', ''])('%j is none', (text) => {
  expect(parseSchedule(text)).toBeUndefined();
});

test('the thirtieth of February never comes', () => {
  expect(after('0 0 30 2 *', '2026-05-02T00:00:00Z')).toBeUndefined();
});
