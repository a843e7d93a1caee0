import {asciiControls, plainTexts} from '../report/plain.ts';
import type {ScanReport} from '../report/scan-json.ts';
import type {Format} from './invocation.ts';
import type {Scanned} from './scan.ts';
import type {OpenTarget} from './targets.ts';
import {version} from './version.ts';

export type Formatting = {
  readonly report: ScanReport;
  readonly scanned: Scanned;
  readonly target: OpenTarget;
  readonly seconds: number;
};

/** The report in a format for programs, or for a page; each is loaded only when it is asked for. */
export async function formatted(
  format: Exclude<Format, 'table'>,
  {report, scanned, target, seconds}: Formatting,
): Promise<string> {
  switch (format) {
    case 'json':
      return asciiControls(`${JSON.stringify(report, undefined, 2)}\n`);
    case 'yaml': {
      const {stringify} = await import('yaml');
      return stringify(plainTexts(report), {lineWidth: 0, aliasDuplicateObjects: false});
    }
    case 'sarif': {
      const [{scanSarif}, {fileFixes}] = await Promise.all([
        import('../report/sarif.ts'),
        import('./file-fixes.ts'),
      ]);
      return asciiControls(scanSarif(report, version(), await fileFixes(scanned, target)));
    }
    case 'junit': {
      const {scanJunit} = await import('../report/junit.ts');
      return scanJunit(plainTexts(report), seconds);
    }
    case 'markdown': {
      const {scanMarkdown} = await import('../report/markdown.ts');
      return scanMarkdown(plainTexts(report));
    }
    case 'html': {
      const {scanHtml} = await import('../report/html.ts');
      return scanHtml(plainTexts(report), version());
    }
    case 'csv': {
      const {scanCsv} = await import('../report/csv.ts');
      return scanCsv(plainTexts(report));
    }
  }
}
