import {messageOf, type Severity, severityOf} from '../engine/control.ts';
import type {Resource} from '../engine/objects.ts';
import {formatPath, type Path} from '../engine/path.ts';
import type {ControlResult, ScanResult, Verdict} from '../engine/scan.ts';
import {shownScore} from '../engine/score.ts';

export type ScanReport = {
  readonly schemaVersion: 1;
  readonly framework: string;
  readonly target: string;
  /** 0 to 100; null when no control could be evaluated. Whole points in edition nsa-2021, else two decimals. */
  readonly score: number | null;
  readonly evaluated: number;
  readonly notEvaluated: number;
  /** What could not be read, a sentence each; not empty: the score speaks only of what was read. */
  readonly incomplete: readonly string[];
  /** Only these namespaces were read, as was asked for; absent: all. */
  readonly namespaces?: readonly string[];
  /** Held against an earlier report: its score, findings that it did not have, findings that are gone. */
  readonly baseline?: {readonly score: number | null; readonly new: number; readonly gone: number};
  readonly controls: readonly ControlReport[];
};

export type FailingObject = {
  readonly id: string;
  readonly apiVersion: string;
  /** `live`, or `path:line`. */
  readonly source: string;
  /** Its acceptance has ended: until when it held. */
  readonly expired?: string;
  readonly findings: readonly FindingReport[];
};

/** An object whose findings are accepted, and why. */
export type AcceptedObject = Omit<FailingObject, 'expired'> & {readonly reason: string};

export type ControlReport = {
  readonly id: string;
  readonly name: string;
  readonly practice: string;
  readonly severity: Severity;
  readonly status: ControlResult['status'];
  readonly reason?: string;
  /** What a person vouches for where nothing tells; the control stays not evaluated. */
  readonly attestation?: string;
  /** Where the verdicts are known from, for the control plane and the nodes. */
  readonly evidence?: readonly string[];
  readonly failed: number;
  readonly excluded: number;
  readonly all: number;
  /** Percent of counted objects that do not fail; null when not evaluated. */
  readonly compliance: number | null;
  /** The failed ones. */
  readonly objects: readonly FailingObject[];
  readonly accepted: readonly AcceptedObject[];
};

export type FindingReport = {
  /** As it stands: `spec.containers[0].image`. */
  readonly path: string;
  /** The same with list elements by name, which a new element does not move: `spec.containers[name=web].image`. */
  readonly field: string;
  readonly message: string;
  /** Not in the baseline. */
  readonly new?: boolean;
  /** Where the field stands, or would stand, in a file; absent on a cluster. Lines and columns count from 1. */
  readonly position?: Position;
};

export type Position = {readonly file: string; readonly line: number; readonly column: number};

/** Finds a field of an object in its file. */
export type Locate = (resource: Resource, path: Path) => Position | undefined;

/** The scan as stable, versioned data: what `scan --format json` prints. */
export const scanReport = (
  result: ScanResult,
  target: string,
  locate: Locate = () => undefined,
): ScanReport => ({
  schemaVersion: 1,
  framework: result.framework.id,
  target,
  score: result.score === undefined ? null : shownScore(result.framework.scoring, result.score),
  evaluated: result.evaluated,
  notEvaluated: result.notEvaluated,
  incomplete: result.incomplete,
  ...(result.scope === undefined ? {} : {namespaces: result.scope}),
  controls: result.controls.map((control) => controlReport(control, result.framework.scoring, locate)),
});

const controlReport = (control: ControlResult, scoring: 'mean' | 'sum', locate: Locate): ControlReport => ({
  id: control.entry.id,
  name: control.entry.title,
  practice: control.entry.control.meta.practice,
  severity: severityOf(control.entry.baseScore),
  status: control.status,
  ...(control.reason === undefined ? {} : {reason: control.reason}),
  ...(control.attestation === undefined ? {} : {attestation: control.attestation}),
  ...(control.evidence === undefined ? {} : {evidence: control.evidence}),
  failed: control.status === 'notEvaluated' ? 0 : control.failed,
  excluded: control.status === 'notEvaluated' ? 0 : control.excluded,
  all: control.status === 'notEvaluated' ? 0 : control.all,
  compliance: control.status === 'notEvaluated' ? null : shownScore(scoring, control.compliance),
  objects:
    control.status === 'notEvaluated'
      ? []
      : control.failures.map((verdict) => ({
          ...objectReport(verdict),
          ...(verdict.reason === undefined ? {} : {expired: verdict.reason}),
          findings: findingReports(control, verdict, locate),
        })),
  accepted:
    control.status === 'notEvaluated'
      ? []
      : control.exclusions.map((verdict) => ({
          ...objectReport(verdict),
          reason: verdict.reason ?? '',
          findings: findingReports(control, verdict, locate),
        })),
});

const objectReport = ({resource}: Verdict) => ({
  id: resource.id,
  apiVersion: resource.apiVersion,
  source: resource.source,
});

const findingReports = (
  {entry}: ControlResult,
  {resource, findings}: Verdict,
  locate: Locate,
): readonly FindingReport[] =>
  findings.map((finding) => {
    const position = locate(resource, finding.path);
    return {
      path: formatPath(finding.path, resource.object),
      field: formatPath(finding.path),
      message: messageOf(entry.control.meta, finding),
      ...(position === undefined ? {} : {position}),
    };
  });
