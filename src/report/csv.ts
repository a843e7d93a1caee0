import type {ScanReport} from './scan-json.ts';
import {lowestFirst} from './shared.ts';

const columns = ['control', 'name', 'severity', 'status', 'object', 'source', 'path', 'message'] as const;

/** One row a finding, and one for each control without findings; RFC 4180, with a header. */
export function scanCsv(report: ScanReport): string {
  const rows = lowestFirst(report).flatMap(({id, name, severity, status, reason, objects}) => {
    const start = [id, name, severity, status];
    if (objects.length === 0) return [[...start, '', '', '', reason ?? '']];
    return objects.flatMap((object) =>
      object.findings.map(({path, message, position}) => [
        ...start,
        object.id,
        position ? `${position.file}:${position.line}:${position.column}` : object.source,
        path,
        message,
      ]),
    );
  });
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** A field that a spreadsheet would run as a formula is kept as text. */
const field = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
