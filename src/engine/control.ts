import type {AdmissionRule} from './admission-rule.ts';
import type {Fix} from './change.ts';
import type {Resource} from './objects.ts';
import type {Path} from './path.ts';
import {formatPath} from './path.ts';
import type {Settings} from './settings.ts';

/** What a check may look at besides its object. Every look-up, misses too, is recorded as a dependency. */
export type View = {
  get(kind: string, namespace: string, name: string): Resource | undefined;
  /** All of a kind, or those of one namespace (empty string: cluster-scoped ones). */
  list(kind: string, namespace?: string): readonly Resource[];
  /** Why a kind could not be read, undefined where it was read whole. */
  gap(kind: string): string | undefined;
  /** Absent where nobody told: no day, and nothing decided. */
  readonly settings?: Settings;
};

export type Finding<Id extends string = string> = {
  readonly message: Id;
  /** The field that is wrong, or would have to be there. */
  readonly path: Path;
  /** The value seen, as a person reads it; `not set` where there is none; never a credential. */
  readonly found: string;
  /** Fills `{name}` in the message. */
  readonly data?: Readonly<Record<string, string>>;
};

/** One failed object with its findings. */
export type Failure<Id extends string = string> = {
  readonly resource: Resource;
  readonly findings: readonly Finding<Id>[];
};

export type ControlMeta<Id extends string = string> = {
  readonly id: string;
  readonly title: string;
  /** Id of the practice (and lesson) that it belongs to. */
  readonly practice: string;
  /** 0 to 10, as the framework's authors weigh it. */
  readonly baseScore: number;
  /** Kinds (or evidence) without which it can't be evaluated. */
  readonly needs: readonly string[];
  readonly messages: Readonly<Record<Id, string>>;
  readonly references: readonly string[];
};

export type Control<Id extends string = string> = {
  readonly meta: ControlMeta<Id>;
  /** Kinds that are counted. */
  readonly kinds: readonly string[];
  /** Narrows what is counted within `kinds`; all of them where absent. */
  counts?(resource: Resource, view: View): boolean;
  /** Why it can't be evaluated although its kinds could be read; undefined where it can. */
  unavailable?(view: View): string | undefined;
  /** Where a verdict is known from and how surely, for what no API object says: `known from its /flagz: in effect`. */
  evidence?(resource: Resource): string;
  /** Pure. Yields what is wrong with one counted object, nothing when it passes. */
  check(resource: Resource, view: View): Iterable<Finding<Id>>;
  /** All ways to clear these failures, the least harmful first; one at a time, because there may be thousands. */
  fixes(failures: readonly Failure<Id>[], view: View): Iterable<Fix>;
  /** The same fixes, and undefined where a pause is possible; for what looks at all objects before its first fix. */
  fixing?(failures: readonly Failure<Id>[], view: View): Iterable<Fix | undefined>;
  /** What keeps new objects from failing it; absent where the API server can't tell. */
  readonly keep?: AdmissionRule;
};

/** Keeps the literal message ids of a control while it is written. */
export const defineControl = <Id extends string>(control: Control<Id>): Control<Id> => control;

/** A control as the catalogue holds it, message ids forgotten. */
// Method parameters are bivariant, so a Control<'a' | 'b'> fits here.
export type AnyControl = Control<string>;

export type FrameworkEntry = {
  readonly id: string;
  readonly title: string;
  readonly baseScore: number;
  readonly control: AnyControl;
};

export type Framework = {
  readonly id: string;
  readonly title: string;
  /** `mean`: of the controls' compliance. `sum`: over all verdicts, floored, as the first scanners did. */
  readonly scoring: 'mean' | 'sum';
  readonly entries: readonly FrameworkEntry[];
  /** Accepted by default: objects of the system itself. The reason, or undefined. */
  excuses(controlId: string, resource: Resource): string | undefined;
};

/** Identity of a finding: object, control and field; never a document's position. */
export const findingId = (controlId: string, resource: Resource, finding: Finding): string =>
  `${resource.key} ${controlId} ${formatPath(finding.path)}`;

export const messageOf = (meta: ControlMeta, finding: Finding): string =>
  (meta.messages[finding.message] ?? finding.message).replace(
    /\{(\w+)\}/g,
    (_, name: string) => finding.data?.[name] ?? (name === 'found' ? finding.found : `{${name}}`),
  );

export type Severity = 'critical' | 'high' | 'medium' | 'low';

export const severityOf = (baseScore: number): Severity =>
  baseScore >= 9 ? 'critical' : baseScore >= 7 ? 'high' : baseScore >= 4 ? 'medium' : 'low';
