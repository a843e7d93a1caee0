import {equal, type JsonObject} from '../../../engine/json.ts';
import {copy, type Draft} from '../draft.ts';

/** What those that change one write know of each other: who has `reinvocationPolicy: IfNeeded` sees changes by later ones. */
export class Reinvocation {
  /** Those that want to see the object again, and have seen it as it is. */
  readonly #seen = new Set<string>();
  /** Those among them since when it has changed. */
  readonly #again = new Set<string>();
  #last: JsonObject | undefined;
  /** Whether any of them changed the object. */
  changed = false;

  /** Begins a pass: what came between two passes may have changed the draft as well. */
  begin(round: 0 | 1, draft: Draft | null): void {
    if (round === 1 && draft && !equal(this.#last, draft as JsonObject)) this.#recall();
  }

  isDue(key: string, round: 0 | 1): boolean {
    return round === 0 || this.#again.has(key);
  }

  answered(key: string, {reinvocationPolicy}: JsonObject, changed: boolean): void {
    if (changed) {
      this.#recall();
      this.changed = true;
    }
    if (reinvocationPolicy === 'IfNeeded') this.#seen.add(key);
  }

  end(draft: Draft | null): void {
    this.#last = draft ? (copy(draft as JsonObject) as JsonObject) : undefined;
  }

  #recall(): void {
    for (const key of this.#seen) this.#again.add(key);
    this.#seen.clear();
  }
}
