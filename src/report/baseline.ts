import type {ControlReport, FailingObject, FindingReport, ScanReport} from './scan-json.ts';

/** An earlier report that can't be used. */
export class BaselineError extends Error {
  override readonly name = 'BaselineError';
}

/** One finding with the control and object that it belongs to. */
export type PlacedFinding = {
  readonly control: ControlReport;
  readonly object: FailingObject;
  readonly finding: FindingReport;
};

export type Comparison = {
  readonly added: readonly PlacedFinding[];
  readonly gone: readonly PlacedFinding[];
};

/** Reads the text of an earlier `--format json`. @throws {BaselineError} */
export function parseBaseline(text: string, file: string): ScanReport {
  let report: Partial<ScanReport> | null;
  try {
    report = JSON.parse(text) as Partial<ScanReport> | null;
  } catch (cause) {
    throw new BaselineError(`${file} is not JSON. A baseline is what scan --format json printed earlier.`, {
      cause,
    });
  }
  if (report?.schemaVersion !== 1 || !Array.isArray(report.controls)) {
    throw new BaselineError(
      `${file} is no report of kubekata with schemaVersion 1. Make one by scan --format json --output ${file}.`,
    );
  }
  return report as ScanReport;
}

/** What one report has and the other has not: by object, control and field, never by a position. */
export function compareReports(before: ScanReport, after: ScanReport): Comparison {
  return {added: without(placed(after), placed(before)), gone: without(placed(before), placed(after))};
}

/** The report with its new findings marked. */
export function markNew(report: ScanReport, {added, gone}: Comparison, baseline: ScanReport): ScanReport {
  const fresh = new Set(added.map(({finding}) => finding));
  return {
    ...report,
    baseline: {score: baseline.score, new: added.length, gone: gone.length},
    controls: report.controls.map((control) => ({
      ...control,
      objects: control.objects.map((object) => ({
        ...object,
        findings: object.findings.map((finding) => (fresh.has(finding) ? {...finding, new: true} : finding)),
      })),
    })),
  };
}

const placed = (report: ScanReport): readonly PlacedFinding[] =>
  report.controls.flatMap((control) =>
    control.objects.flatMap((object) => object.findings.map((finding) => ({control, object, finding}))),
  );

/** The same object may stand in two files: then its findings count twice. */
function without(list: readonly PlacedFinding[], others: readonly PlacedFinding[]): readonly PlacedFinding[] {
  const left = new Map<string, number>();
  for (const one of others) left.set(findingKey(one), (left.get(findingKey(one)) ?? 0) + 1);
  return list.filter((one) => {
    const key = findingKey(one);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

/** Identity of a finding between two scans. The version of an API may change, its group may not. */
export const findingKey = ({control, object, finding}: PlacedFinding): string =>
  `${object.apiVersion.split('/').slice(0, -1).join()} ${object.id} ${control.id} ${finding.field ?? finding.path}`;
