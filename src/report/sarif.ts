import {createHash} from 'node:crypto';
import type {Severity} from '../engine/control.ts';
import {plainText} from '../engine/text.ts';
import type {AcceptedObject, ControlReport, FailingObject, FindingReport, ScanReport} from './scan-json.ts';

/** One edit of a file: the text between two positions (the end exclusive) gives way to `text`. */
export type FileEdit = {
  readonly file: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
};

/** A fix of one failing object, as SARIF carries it. */
export type FileFix = {readonly description: string; readonly edits: readonly FileEdit[]};

/** The fix of a control for an object, by control id and object id. */
export type FixOf = (control: string, object: string, source: string) => FileFix | undefined;

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};
const securitySeverity: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.0',
  low: '2.0',
};

/** The scan as SARIF 2.1.0: a rule per control, a result per finding with file, line, column and fix. */
export function scanSarif(report: ScanReport, version: string, fixOf: FixOf = () => undefined): string {
  const rules = report.controls.map(({id, name, severity, practice}) => ({
    id,
    name: id,
    shortDescription: {text: name},
    fullDescription: {text: `${name}. Practice ${practice} of the NSA/CISA Kubernetes Hardening Guidance.`},
    help: {text: `kubekata explain ${id} tells what it means and how to meet it.`},
    defaultConfiguration: {level: levels[severity]},
    properties: {'security-severity': securitySeverity[severity], tags: ['security', 'kubernetes', practice]},
  }));
  const hasBaseline = report.baseline !== undefined;
  const results = report.controls.flatMap((control, ruleIndex) => {
    const failing = control.objects.flatMap((object) =>
      object.findings.map((finding, index) => ({
        ...resultOf(control, ruleIndex, object, finding),
        ...(hasBaseline ? {baselineState: finding.new ? 'new' : 'unchanged'} : {}),
        ...fixes(index === 0 ? fixOf(control.id, object.id, object.source) : undefined),
      })),
    );
    const accepted = control.accepted.flatMap((object) =>
      object.findings.map((finding) => ({
        ...resultOf(control, ruleIndex, object, finding),
        suppressions: [{kind: 'external', status: 'accepted', justification: plainText(object.reason)}],
      })),
    );
    return [...failing, ...accepted];
  });
  const notifications = [
    ...report.incomplete.map((text) => ({level: 'error', message: message(text)})),
    ...report.controls
      .filter(({status}) => status === 'notEvaluated')
      .map(({id, reason}) => ({level: 'note', message: message(`${id} was not evaluated: ${reason ?? ''}`)})),
  ];
  const run = {
    tool: {driver: {name: 'kubekata', semanticVersion: version, version, rules}},
    invocations: [
      {executionSuccessful: report.incomplete.length === 0, toolExecutionNotifications: notifications},
    ],
    columnKind: 'utf16CodeUnits',
    results,
  };
  const log = {$schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run]};
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function resultOf(
  control: ControlReport,
  ruleIndex: number,
  object: FailingObject | AcceptedObject,
  finding: FindingReport,
) {
  const identity = `${object.apiVersion}/${object.id} ${control.id} ${finding.field}`;
  const location = physicalLocation(object.source, finding);
  return {
    ruleId: control.id,
    ruleIndex,
    level: levels[control.severity],
    message: message(finding.message),
    locations: [
      {
        ...(location === undefined ? {} : {physicalLocation: location}),
        logicalLocations: [
          {
            name: plainText(object.id),
            fullyQualifiedName: plainText(`${object.id} ${finding.path}`),
            kind: 'object',
          },
        ],
      },
    ],
    partialFingerprints: {'kubekata/v1': createHash('sha256').update(identity).digest('hex').slice(0, 32)},
  };
}

/** SARIF reads `[text](place)` in a message as a link: text of a manifest makes none. */
const message = (text: string) => ({text: plainText(text).replaceAll('](', '] (')});

const fixes = (fix: FileFix | undefined) => (fix === undefined ? {} : {fixes: [sarifFix(fix)]});

function physicalLocation(source: string, {position}: FindingReport) {
  if (position) {
    const {file, line, column} = position;
    return {artifactLocation: {uri: uri(file)}, region: {startLine: line, startColumn: column}};
  }
  const [, file, line] = /^(.*):(\d+)$/.exec(source) ?? [];
  return file === undefined
    ? undefined
    : {artifactLocation: {uri: uri(file)}, region: {startLine: Number(line)}};
}

const sarifFix = ({description, edits}: FileFix) => ({
  description: {text: description},
  artifactChanges: [...Map.groupBy(edits, ({file}) => file)].map(([file, changes]) => ({
    artifactLocation: {uri: uri(file)},
    replacements: changes.map(({startLine, endLine, text}) => ({
      deletedRegion: {startLine, startColumn: 1, endLine, endColumn: 1},
      insertedContent: {text},
    })),
  })),
});

const uri = (file: string): string => file.split('/').map(encodeURIComponent).join('/');
