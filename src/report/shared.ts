import type {ControlReport, FindingReport, ScanReport} from './scan-json.ts';

const band = {failed: 0, notEvaluated: 1, passed: 2} as const;

/** Failing controls first, lowest compliance first, as the walk has them. */
export const lowestFirst = (report: ScanReport): readonly ControlReport[] =>
  [...report.controls].sort(
    (a, b) =>
      band[a.status] - band[b.status] ||
      (a.compliance ?? 0) - (b.compliance ?? 0) ||
      a.id.localeCompare(b.id),
  );

export const scoreText = ({score}: ScanReport): string => (score === null ? 'no score' : String(score));

/** Where a finding stands: `file:line:column`, else the source of its object. */
export const placeText = (source: string, {position}: FindingReport): string =>
  position ? `${position.file}:${position.line}:${position.column}` : source;

/** The same for pages that show the field nowhere else: on a cluster it is the place. */
export const placeOrField = (source: string, finding: FindingReport): string =>
  source === 'live' ? finding.path : placeText(source, finding);

/** Text for XML and HTML; characters that XML 1.0 can't hold are dropped. */
export const escapeMarkup = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(
      /[&<>"']/g,
      (one) => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'})[one] ?? one,
    );
