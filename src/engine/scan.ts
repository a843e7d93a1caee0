import type {InventoryAfter} from './after.ts';
import {
  type AnyControl,
  type Finding,
  type Framework,
  type FrameworkEntry,
  findingId,
  type View,
} from './control.ts';
import type {Inventory} from './inventory.ts';
import type {Resource} from './objects.ts';
import {compliance, frameworkScore, type Tally} from './score.ts';
import type {Settings} from './settings.ts';
import type {Work} from './slices.ts';
import {compareResources, merged, sorted} from './sorted.ts';

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
    for (const state of this.#states) {
      state.clear();
      for (const kind of state.entry.control.kinds) {
        for (const resource of lists.get(kind) ?? []) this.#check(state, resource);
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
    state.put(resource.key, this.#judge(state, resource, view), view.seen);
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

class ControlState {
  readonly entry: FrameworkEntry;
  readonly #attestation: string | undefined;
  readonly #verdicts = new Map<string, Verdict>();
  readonly #dependencies = new Map<string, ReadonlySet<string>>();
  readonly #dependents = new Map<string, Set<string>>();
  /** Keys whose verdict may differ from that in `#result`. */
  readonly #changed = new Set<string>();
  #result: ControlResult | undefined;
  #isCurrent = false;
  #failed = 0;
  #excluded = 0;

  constructor(entry: FrameworkEntry, attestation: string | undefined) {
    this.entry = entry;
    this.#attestation = attestation;
  }

  clear(): void {
    this.#verdicts.clear();
    this.#dependencies.clear();
    this.#dependents.clear();
    this.#changed.clear();
    this.#failed = 0;
    this.#excluded = 0;
    this.#result = undefined;
  }

  /** Adds the keys of objects whose verdict looked something up that changed: see `seenBy`. */
  dependents(looked: Iterable<string>, into: Set<string>): void {
    if (this.#dependents.size === 0) return;
    for (const seen of looked) {
      for (const key of this.#dependents.get(seen) ?? []) into.add(key);
    }
  }

  put(key: string, verdict: Verdict | undefined, seen: ReadonlySet<string> | undefined): void {
    if (this.#verdicts.has(key) || this.#dependencies.has(key)) this.forget(key);
    this.#note(key);
    if (verdict) {
      this.#verdicts.set(key, verdict);
      this.#count(verdict, 1);
    }
    if (seen === undefined) return;
    this.#dependencies.set(key, seen);
    for (const one of seen) {
      const keys = this.#dependents.get(one);
      if (keys) keys.add(key);
      else this.#dependents.set(one, new Set([key]));
    }
  }

  forget(key: string): void {
    this.#note(key);
    const verdict = this.#verdicts.get(key);
    if (verdict) this.#count(verdict, -1);
    this.#verdicts.delete(key);
    for (const one of this.#dependencies.get(key) ?? []) this.#dependents.get(one)?.delete(key);
    this.#dependencies.delete(key);
  }

  get tally(): Tally {
    return {all: this.#verdicts.size, failed: this.#failed, excluded: this.#excluded};
  }

  verdict(key: string): Verdict | undefined {
    return this.#verdicts.get(key);
  }

  result(view: View): ControlResult {
    const unseen = unavailable(this.entry.control, view);
    const attestation = unseen === undefined ? undefined : this.#attestation;
    const reason = attestation === undefined ? unseen : `${unseen} ${attestation}`;
    if (this.#result && this.#isCurrent && reason === this.#result.reason) return this.#result;
    const {tally} = this;
    const source = this.entry.control.evidence;
    const failures = this.#list('failed', this.#failed, this.#result?.failures);
    const exclusions = this.#list('excluded', this.#excluded, this.#result?.exclusions);
    this.#result = {
      ...(source === undefined || reason !== undefined || this.#verdicts.size === 0
        ? {}
        : {evidence: [...new Set([...this.#verdicts.values()].map(({resource}) => source(resource)))]}),
      entry: this.entry,
      status: reason !== undefined ? 'notEvaluated' : this.#failed > 0 ? 'failed' : 'passed',
      ...(reason === undefined ? {} : {reason}),
      ...(attestation === undefined ? {} : {attestation}),
      ...tally,
      compliance: reason === undefined ? compliance(tally) : 0,
      failures,
      exclusions,
    };
    this.#isCurrent = true;
    this.#changed.clear();
    return this.#result;
  }

  /** The verdicts of a status in order; few changes are put into the list that was told last. */
  #list(
    status: Verdict['status'],
    count: number,
    before: readonly Verdict[] | undefined,
  ): readonly Verdict[] {
    if (count === 0) return [];
    const ofStatus = (verdict: Verdict | undefined): verdict is Verdict => verdict?.status === status;
    const changed = this.#changed;
    if (before === undefined || changed.size * 4 > before.length) {
      return sorted([...this.#verdicts.values()].filter(ofStatus));
    }
    const kept = before.filter(({resource}) => !changed.has(resource.key));
    return merged(kept, sorted([...changed].map((key) => this.#verdicts.get(key)).filter(ofStatus)));
  }

  #note(key: string): void {
    this.#isCurrent = false;
    // Without a list there is nothing that a change could be put into.
    if (this.#result) this.#changed.add(key);
  }

  #count({status}: Verdict, by: number): void {
    if (status === 'failed') this.#failed += by;
    if (status === 'excluded') this.#excluded += by;
  }
}

function unavailable(control: AnyControl, inventory: View): string | undefined {
  for (const kind of control.meta.needs) {
    const reason = inventory.gap(kind);
    if (reason !== undefined) return reason;
  }
  return control.unavailable?.(inventory);
}

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
