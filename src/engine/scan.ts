import type {InventoryAfter} from './after.ts';
import {type Finding, type Framework, type FrameworkEntry, findingId, type View} from './control.ts';
import {ControlState, unavailable} from './control-state.ts';
import type {Inventory} from './inventory.ts';
import type {Resource} from './objects.ts';
import {frameworkScore, type Tally} from './score.ts';
import type {Settings} from './settings.ts';
import type {Work} from './slices.ts';
import {compareResources} from './sorted.ts';

export type Verdict = {
  readonly resource: Resource;
  readonly status: 'passed' | 'failed' | 'excluded';
  /** What is wrong; kept for excluded objects too. */
  readonly findings: readonly Finding[];
  /** Why an excluded object is accepted, or that its acceptance has expired. */
  readonly reason?: string;
};

export type ControlResult = {
  readonly entry: FrameworkEntry;
  readonly status: 'passed' | 'failed' | 'notEvaluated';
  /** Why it is not evaluated: a full sentence. */
  readonly reason?: string;
  readonly all: number;
  readonly failed: number;
  readonly excluded: number;
  /** What a person vouches for where nothing else tells; the control stays not evaluated. In `reason` too. */
  readonly attestation?: string;
  /** 0 to 100; 100 when nothing is relevant; 0 when not evaluated (and then no part of a score). */
  readonly compliance: number;
  readonly failures: readonly Verdict[];
  readonly exclusions: readonly Verdict[];
  /** Where the verdicts are known from, each once, for controls of the control plane and the nodes. */
  readonly evidence?: readonly string[];
};

export type ScanResult = {
  readonly framework: Framework;
  /** 0 to 100, undefined when no control could be evaluated. */
  readonly score: number | undefined;
  readonly controls: readonly ControlResult[];
  readonly evaluated: number;
  readonly notEvaluated: number;
  /** What could not be read: full sentences with the place. Not empty: the result is incomplete. */
  readonly incomplete: readonly string[];
  /** The namespaces that alone were read, as was asked for; absent: all. */
  readonly scope?: readonly string[];
  readonly verdicts: number;
};

/** The numbers of a scan that was not made: one tally for each control, in their order. */
export type Foreseen = {
  readonly score: number | undefined;
  readonly tallies: readonly (Tally & {readonly evaluated: boolean})[];
};

/** Somebody accepted a finding. Expired: it fails again, and says so. */
export type Acceptance = {readonly reason: string; readonly expired?: boolean};

/** Looks an object up among the accepted findings of a control. */
export type Accept = {
  (controlId: string, resource: Resource): Acceptance | undefined;
  /** What a person attests of a control that can't be evaluated, as a sentence. */
  attested?(controlId: string): string | undefined;
  /** The day, and what else the person decided. */
  readonly settings?: Settings;
};

/** Checks one framework over an inventory, and after a change only what depends on it. */
export class Scanner {
  /** How many checks ran so far; for tests and bench. */
  checks = 0;
  readonly #framework: Framework;
  readonly #inventory: Inventory;
  readonly #accept: Accept;
  readonly #settings: Settings | undefined;
  readonly #states: readonly ControlState[];
  readonly #states4Kind = new Map<string, ControlState[]>();
  /** What passes looks the same to each of its controls: kept once, half of the memory of a scan. */
  readonly #passed = new Map<string, Verdict>();

  constructor(framework: Framework, inventory: Inventory, accept: Accept = () => undefined) {
    this.#framework = framework;
    this.#inventory = inventory;
    this.#settings = accept.settings;
    this.#accept = (id, resource) => {
      const reason = framework.excuses(id, resource);
      return reason === undefined ? accept(id, resource) : {reason};
    };
    this.#states = framework.entries.map((entry) => new ControlState(entry, accept.attested?.(entry.id)));
    for (const state of this.#states) {
      for (const kind of state.entry.control.kinds) {
        const list = this.#states4Kind.get(kind);
        if (list) list.push(state);
        else this.#states4Kind.set(kind, [state]);
      }
    }
  }

  /** Checks everything anew. */
  scan(): ScanResult {
    // Each kind is sorted once: the failures of each control are in order then, and sorting them costs little.
    const lists = new Map<string, readonly Resource[]>();
    for (const kind of this.#states4Kind.keys()) {
      lists.set(kind, this.#inventory.list(kind).toSorted(compareResources));
    }
    this.#passed.clear();
    for (const state of this.#states) state.clear();
    for (const [kind, states] of this.#states4Kind) {
      for (const resource of lists.get(kind) ?? []) {
        for (const state of states) this.#check(state, resource);
      }
    }
    return this.result();
  }

  /** Checks what depends on these resources, as `inventory.set` and `inventory.delete` return them. */
  update(changed: Iterable<Resource>): ScanResult {
    const touched = new Map<string, Resource>();
    for (const resource of changed) touched.set(resource.key, resource);
    for (const state of this.#states) {
      const again = new Set<string>();
      for (const resource of touched.values()) state.dependents(seenBy(resource), again);
      for (const key of again) {
        const resource = this.#inventory.byKey(key);
        if (resource && !touched.has(key)) this.#check(state, resource);
      }
    }
    for (const [key, old] of touched) {
      for (const state of this.#states4Kind.get(old.kind) ?? []) {
        const resource = this.#inventory.byKey(key);
        if (resource) this.#check(state, resource);
        else state.forget(key);
      }
      if (this.#inventory.byKey(key) === undefined) this.#passed.delete(key);
    }
    return this.result();
  }

  /** What an update would find, in numbers, after a change that is only looked at. Nothing is changed by it. */
  *foresee(after: InventoryAfter): Work<Foreseen> {
    const tallies: Foreseen['tallies'][number][] = [];
    for (const state of this.#states) tallies.push(yield* this.#foreseeOne(state, after));
    const judged = tallies.filter(({evaluated}) => evaluated);
    const isEmpty = judged.every(({all}) => all === 0);
    return {score: isEmpty ? undefined : frameworkScore(this.#framework.scoring, judged), tallies};
  }

  *#foreseeOne(state: ControlState, after: InventoryAfter): Work<Foreseen['tallies'][number]> {
    const {control} = state.entry;
    const view = new RecordingView(after, this.#settings);
    const again = new Set<string>();
    for (const kind of control.kinds) for (const key of after.changedOf(kind)) again.add(key);
    state.dependents(after.seen, again);
    yield;
    let {all, failed, excluded} = state.tally;
    const count = (verdict: Verdict | undefined, by: number) => {
      if (verdict === undefined) return;
      all += by;
      if (verdict.status === 'failed') failed += by;
      if (verdict.status === 'excluded') excluded += by;
    };
    let checked = 0;
    for (const key of again) {
      count(state.verdict(key), -1);
      const resource = after.byKey(key);
      if (resource) count(this.#judge(state, resource, view), 1);
      // A pause costs a tenth of a check.
      checked += 1;
      if (checked % 8 === 0) yield;
    }
    return {all, failed, excluded, evaluated: unavailable(control, view) === undefined};
  }

  result(): ScanResult {
    const scope = this.#inventory.scope();
    const view = new RecordingView(this.#inventory, this.#settings);
    const controls = this.#states.map((state) => state.result(view));
    const evaluated = controls.filter((control) => control.status !== 'notEvaluated');
    const verdicts = evaluated.reduce((sum, control) => sum + control.all, 0);
    return {
      framework: this.#framework,
      // Nothing was judged: the 100 of controls without objects would praise what was never seen.
      score: verdicts === 0 ? undefined : frameworkScore(this.#framework.scoring, evaluated),
      controls,
      evaluated: evaluated.length,
      notEvaluated: controls.length - evaluated.length,
      incomplete: [...this.#inventory.unreadable()].map(([source, message]) => `${source}: ${message}`),
      ...(scope === undefined ? {} : {scope}),
      verdicts,
    };
  }

  #check(state: ControlState, resource: Resource): void {
    const view = new RecordingView(this.#inventory, this.#settings);
    const verdict = this.#judge(state, resource, view);
    const kept = verdict?.status === 'passed' ? this.#passing(verdict) : verdict;
    state.put(resource.key, kept, view.seen && [...view.seen]);
  }

  #passing(verdict: Verdict): Verdict {
    const {resource} = verdict;
    const known = this.#passed.get(resource.key);
    if (known?.resource === resource) return known;
    this.#passed.set(resource.key, verdict);
    return verdict;
  }

  /** Undefined: it is not counted. */
  #judge(state: ControlState, resource: Resource, view: View): Verdict | undefined {
    this.checks += 1;
    const {control, id} = state.entry;
    if (control.counts && !control.counts(resource, view)) return undefined;
    const findings = [...control.check(resource, view)];
    const accepted = findings.length > 0 ? this.#accept(id, resource) : undefined;
    const excluded = accepted !== undefined && !accepted.expired;
    const status = findings.length === 0 ? 'passed' : excluded ? 'excluded' : 'failed';
    const verdict = {resource, status, findings} as const;
    return accepted === undefined ? verdict : {...verdict, reason: accepted.reason};
  }
}

/** Records each look-up, misses too, as keys that a change can be matched with: `seenBy` tells those of a change. */
export class RecordingView implements View {
  seen: Set<string> | undefined;
  readonly settings?: Settings;
  readonly #inventory: View;

  constructor(inventory: View, settings?: Settings) {
    this.#inventory = inventory;
    if (settings !== undefined) this.settings = settings;
  }

  get(kind: string, namespace: string, name: string): Resource | undefined {
    this.#record(`${kind}/${namespace}/${name}`);
    return this.#inventory.get(kind, namespace, name);
  }

  list(kind: string, namespace?: string): readonly Resource[] {
    this.#record(namespace === undefined ? kind : `${kind}/${namespace}`);
    return this.#inventory.list(kind, namespace);
  }

  gap(kind: string): string | undefined {
    return this.#inventory.gap(kind);
  }

  #record(key: string): void {
    this.seen ??= new Set();
    this.seen.add(key);
  }
}

/** The look-ups that a changed resource answers. */
export const seenBy = ({
  kind,
  namespace,
  id,
}: Pick<Resource, 'kind' | 'namespace' | 'id'>): readonly string[] => [kind, `${kind}/${namespace}`, id];

/** The ids of all findings of a control. */
export const findingIds = (result: ControlResult): readonly string[] =>
  result.failures.flatMap(({resource, findings}) =>
    findings.map((one) => findingId(result.entry.id, resource, one)),
  );

/** The walk: lowest compliance first, then base score, then id; controls not evaluated stand before passing ones. */
export function walkOrder(controls: readonly ControlResult[]): readonly ControlResult[] {
  const band = ({status, compliance: score}: ControlResult) =>
    status === 'notEvaluated' ? 1 : status === 'passed' && score === 100 ? 2 : 0;
  return [...controls].sort(
    (a, b) =>
      band(a) - band(b) ||
      a.compliance - b.compliance ||
      b.entry.baseScore - a.entry.baseScore ||
      a.entry.id.localeCompare(b.entry.id),
  );
}
