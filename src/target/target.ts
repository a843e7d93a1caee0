import type {Change, OriginalText, Step} from '../engine/change.ts';
import type {Json, JsonObject} from '../engine/json.ts';
import type {Ref, Resource} from '../engine/objects.ts';
import type {Path} from '../engine/path.ts';

export type TargetKind = 'practice' | 'live' | 'files';

/** What changed in the target since it was listed. */
export type TargetEvent =
  | {readonly type: 'set'; readonly resource: Resource; readonly manager?: string}
  | {readonly type: 'delete'; readonly key: string}
  /** What could be read of a kind changed: `reason` is a full sentence, undefined when it is read whole now. */
  | {readonly type: 'coverage'; readonly kind: string; readonly reason?: string; readonly permission?: string}
  /** A file or part that could not be read: the result is incomplete. */
  | {readonly type: 'unreadable'; readonly source: string; readonly message: string}
  | {readonly type: 'readable'; readonly source: string}
  /** Only these namespaces are read, as was asked for: what is in others is no part of the result. Undefined: all are. */
  | {readonly type: 'scope'; readonly namespaces: readonly string[] | undefined}
  | {readonly type: 'progress'; readonly text: string}
  /** Everything was listed once. */
  | {readonly type: 'ready'}
  /** The connection is lost (with when the next try is), or back. */
  | {readonly type: 'lost'; readonly message: string; readonly retryAt: Date}
  | {readonly type: 'back'};

/** A file before and after a step. It is in no JSON, and so in no journal. */
export type FileText = {
  /** Relative to the root. */
  readonly file: string;
  /** The whole file, credentials too: for patches, never for a screen. Empty where there is no file. */
  readonly before: string;
  readonly after: string;
  /** The lines of the object alone, as a person may see them. */
  readonly shown: {readonly before: string; readonly after: string};
};

/** One object of a change: before and after as the server (or the file) has it and would store it. */
export type PreviewItem = {
  readonly step: Step;
  readonly ref: Ref;
  /** Undefined for an object that is created. Server-managed fields and credentials are stripped. */
  readonly before: JsonObject | undefined;
  /** Undefined for an object that is deleted. */
  readonly after: JsonObject | undefined;
  /** Where the target is on disk. */
  readonly text?: FileText;
  /** server: dry run with strict validation. parsed: on disk, where the result was parsed again. computed: by us, not confirmed by the server. */
  readonly confirmedBy: 'server' | 'parsed' | 'computed';
  readonly warnings: readonly string[];
  /** The server's reason for refusing; the finding stays. */
  readonly rejection?: string;
  /** With `rejection`: the object whose own step is refused, and which this one needs. */
  readonly needs?: Ref;
  /** What `apply` expects to find, so that nothing that others changed meanwhile is overwritten. */
  readonly expected: Expected;
};

export type Expected = {
  readonly uid?: string;
  /** Every touched path with the value that the preview saw; undefined: nothing is there. */
  readonly values: readonly {readonly path: Path; readonly value: Json | undefined}[];
};

export type Applied = {
  readonly ref: Ref;
  readonly before: JsonObject | undefined;
  readonly after: JsonObject | undefined;
  readonly warnings: readonly string[];
  /** Of the object that was written; absent on disk. */
  readonly uid?: string;
  /** On disk, where it holds no credential: what undo puts back. */
  readonly original?: OriginalText;
};

export type RolloutStatus = {
  readonly ref: Ref;
  readonly state: 'ready' | 'progressing' | 'failing';
  readonly ready: number;
  readonly wanted: number;
  readonly restarts: number;
  /** Why it does not get ready, in sentences; empty when it does. */
  readonly reasons: readonly string[];
};

/** Why a step can't be written by who is signed in. */
export type Denial = {
  /** A full sentence. */
  readonly reason: string;
  /** `patch deployments.apps in namespace home` */
  readonly permission: string;
};

/** What the person may write, as the target told when it was asked. */
export type Access = {
  /** `User viewer` */
  readonly user: string;
  /** Why a step is not allowed; undefined where it is, or where that is not known. */
  denial(step: Step): Denial | undefined;
};

/** Where objects live: a live cluster, the practice cluster, or manifests on disk. */
export interface Target {
  readonly kind: TargetKind;
  /** As shown in the title: `homelab`, `./deploy`. */
  readonly name: string;
  /** URL of the server, or the absolute path. */
  readonly address: string;
  /** Environment for a shell on this target; KUBECONFIG for clusters. */
  readonly environment: Readonly<Record<string, string>>;
  /** Bound to the cluster itself (uid of kube-system) or the root folder, not to a context's name. */
  identity(signal?: AbortSignal): Promise<string>;
  /**
   * Lists everything that controls read, then follows changes until aborted. Events come in batches.
   * @throws {TargetError} when the target can't be read at all.
   */
  watch(onEvents: (events: readonly TargetEvent[]) => void, signal: AbortSignal): Promise<void>;
  /** Lists everything once. @throws {TargetError} */
  list(signal?: AbortSignal): Promise<readonly TargetEvent[]>;
  preview(change: Change, signal?: AbortSignal): Promise<readonly PreviewItem[]>;
  /** Writes one step of a previewed change. @throws {TargetError}; problem `conflict`: it is not as it was previewed any more. */
  apply(item: PreviewItem, signal?: AbortSignal): Promise<Applied>;
  /** What the person may write in these namespaces; absent where nobody is asked for permission. @throws {TargetError} */
  access?(namespaces: readonly string[], signal?: AbortSignal): Promise<Access>;
  /** Reads anew what no watch follows, and what was forbidden before, if it may be read now; while `watch` runs. */
  relist?(): Promise<void>;
  /** The live object, secrets and managed fields stripped; undefined when it is gone. */
  read(ref: Ref, signal?: AbortSignal): Promise<JsonObject | undefined>;
  close(): Promise<void>;
}

export type TargetProblem =
  | 'unreachable'
  | 'unauthenticated'
  | 'forbidden'
  | 'unknown-context'
  | 'bad-kubeconfig'
  | 'exec-plugin'
  | 'certificate'
  | 'conflict'
  | 'gone'
  | 'rejected'
  | 'throttled'
  | 'server'
  | 'unreadable'
  | 'unsupported';

/** An expected problem, told as sentences: what happened with the value seen, and what to do next. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  readonly problem: TargetProblem;
  /** What was seen and what to do, one paragraph each. */
  readonly details: readonly string[];

  /** @param message One sentence: `homelab does not answer.` */
  constructor(
    problem: TargetProblem,
    message: string,
    details: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.problem = problem;
    this.details = details;
  }
}
