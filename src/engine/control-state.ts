import type {AnyControl, FrameworkEntry, View} from './control.ts';
import type {ControlResult, Verdict} from './scan.ts';
import {compliance, type Tally} from './score.ts';
import {merged, sorted} from './sorted.ts';

/** The verdicts of one control, and what each of them depends on. */
export class ControlState {
  readonly entry: FrameworkEntry;
  readonly #attestation: string | undefined;
  readonly #verdicts = new Map<string, Verdict>();
  /** What each verdict looked up. */
  readonly #dependencies = new Map<string, readonly string[]>();
  /** Whose verdict looked something up: most look-ups are of one object alone, and a set of one takes 200 bytes. */
  readonly #dependents = new Map<string, string | Set<string>>();
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
      const keys = this.#dependents.get(seen);
      if (typeof keys === 'string') into.add(keys);
      else for (const key of keys ?? []) into.add(key);
    }
  }

  put(key: string, verdict: Verdict | undefined, seen: readonly string[] | undefined): void {
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
      if (keys === undefined) this.#dependents.set(one, key);
      else if (typeof keys === 'string') this.#dependents.set(one, new Set([keys, key]));
      else keys.add(key);
    }
  }

  forget(key: string): void {
    this.#note(key);
    const verdict = this.#verdicts.get(key);
    if (verdict) this.#count(verdict, -1);
    this.#verdicts.delete(key);
    for (const one of this.#dependencies.get(key) ?? []) {
      const keys = this.#dependents.get(one);
      if (keys === key) this.#dependents.delete(one);
      else if (keys instanceof Set) keys.delete(key);
    }
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

/** Why a control can't be evaluated; undefined where it can. */
export function unavailable(control: AnyControl, inventory: View): string | undefined {
  for (const kind of control.meta.needs) {
    const reason = inventory.gap(kind);
    if (reason !== undefined) return reason;
  }
  return control.unavailable?.(inventory);
}
