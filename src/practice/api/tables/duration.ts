/** A duration as kubectl shows it: `2d3h`, `45s`, two units at most. @param seconds Whole seconds. */
export function humanDuration(seconds: number): string {
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  const s = Math.floor(seconds);
  if (s < 120) return `${s}s`;
  const minutes = Math.floor(s / 60);
  if (minutes < 10) return join(minutes, 'm', s % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return join(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return join(days, 'd', hours % 24, 'h');
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.floor(days / 365);
  return hours < 24 * 365 * 8 ? join(years, 'y', days % 365, 'd') : `${years}y`;
}

const join = (large: number, unit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large}${unit}` : `${large}${unit}${small}${smallUnit}`;

/** How long ago a time was; `<unknown>` for none. */
export function since(time: unknown): string {
  if (typeof time !== 'string' || time === '') return '<unknown>';
  return humanDuration((Date.now() - Date.parse(time)) / 1000);
}
