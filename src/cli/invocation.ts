import type {Severity} from '../engine/control.ts';
import type {TargetChoice} from './choice.ts';

export type DisplayOptions = {
  readonly theme: 'auto' | 'dark' | 'light';
  readonly colourBlind: boolean;
  readonly icons: boolean;
  readonly screenReader: boolean;
  readonly readOnly: boolean;
  readonly guard: boolean;
  /** Whether kubelets of a live cluster that is chosen later are asked through nodes/proxy. */
  readonly nodesProxy: boolean;
  readonly exceptions: string | undefined;
};

export const formats = ['table', 'json', 'yaml', 'sarif', 'junit', 'markdown', 'html', 'csv'] as const;
export type Format = (typeof formats)[number];

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** What narrows a scan down: framework, controls, namespaces, accepted findings. */
export type Scope = {
  readonly framework: string | undefined;
  readonly controls: readonly string[];
  readonly namespaces: readonly string[];
  /** Ids as reports have them, `Deployment/shop/web`; any object where absent. */
  readonly objects?: readonly string[];
  /** Else `kubekata.yaml` of the working folder, when it is there. */
  readonly exceptions: string | undefined;
};

export type ScanOptions = Scope & {
  readonly format: Format;
  readonly output: string | undefined;
  readonly failUnder: number | undefined;
  readonly failOn: Severity | undefined;
  /** A report of `--format json` from earlier. */
  readonly baseline: string | undefined;
  readonly requireEvaluated: boolean;
};

export const keepHows = ['pod-security', 'policy-warn', 'policy-deny'] as const;
export type KeepHow = (typeof keepHows)[number];

export type FixOptions = Scope & {
  readonly yes: boolean;
  /** `owned`: also objects that Helm, Argo CD, Flux or OLM would put back. */
  readonly include: readonly ('review' | 'recreate' | 'owned')[];
  readonly dryRun: boolean;
  /** Follows the rollouts of what was written, and takes a change back where one fails. */
  readonly guard: boolean;
  /** What keeps new objects from failing what was fixed. */
  readonly keep: KeepHow | undefined;
  /** `memory limit` or `memory limit of web` to its answer. */
  readonly answers: ReadonlyMap<string, string>;
};

export type StudyInvocation = {
  readonly command: 'study';
  /** A cluster to throw away, instead of the practice cluster. */
  readonly context: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly list: boolean;
  readonly format: 'table' | 'json';
  readonly exportTo: string | undefined;
  readonly importFrom: string | undefined;
  readonly display: DisplayOptions;
};

export type Invocation =
  | StudyInvocation
  | {
      readonly command: 'walk';
      readonly choice: TargetChoice | undefined;
      readonly framework: string | undefined;
      readonly display: DisplayOptions;
    }
  | ({readonly command: 'scan'; readonly choice: TargetChoice | undefined} & ScanOptions)
  | ({readonly command: 'fix'; readonly choice: TargetChoice | undefined} & FixOptions)
  | {
      readonly command: 'undo';
      readonly choice: TargetChoice | undefined;
      readonly number: number | undefined;
      readonly yes: boolean;
    }
  | {readonly command: 'practice'; readonly reset: boolean}
  | {readonly command: 'controls'; readonly format: 'table' | 'json'}
  | {readonly command: 'explain'; readonly control: string}
  | {readonly command: 'rbac'; readonly purpose: 'scan' | 'fix'}
  | {readonly command: 'completion'; readonly shell: Shell}
  | {
      readonly command: 'import-exceptions';
      readonly file: string;
      readonly into: string;
      readonly until: string;
    }
  | {readonly command: 'version'};
