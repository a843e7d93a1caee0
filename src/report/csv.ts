import type {AcceptedObject, FailingObject, ScanReport} from './scan-json.ts';
import {lowestFirst, placeText} from './shared.ts';

const columns = ['control', 'name', 'severity', 'status', 'object', 'source', 'path', 'message'] as const;

/** One row a finding, accepted ones too, and one for each control without findings; RFC 4180, with a header. */
export function scanCsv(report: ScanReport): string {
  const rows = lowestFirst(report).flatMap(({id, name, severity, status, reason, objects, accepted}) => {
    const start = [id, name, severity];
    if (objects.length + accepted.length === 0) return [[...start, status, '', '', '', reason ?? '']];
    const line = (object: FailingObject | AcceptedObject, of: string) =>
      object.findings.map((finding) => [
        ...start,
        of,
        object.id,
        placeText(object.source, finding),
        finding.path,
        of === 'accepted' && 'reason' in object ? `${finding.message} ${object.reason}` : finding.message,
      ]);
    return [
      ...objects.flatMap((object) => line(object, status)),
      ...accepted.flatMap((object) => line(object, 'accepted')),
    ];
  });
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** A field that a spreadsheet would run as a formula is kept as text. */
const field = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
