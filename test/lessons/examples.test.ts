import {describe, expect, it} from 'vitest';
import {controls} from '../../controls/index.ts';
import type {AnyControl} from '../../src/engine/control.ts';
import type {Example} from '../../src/engine/lesson.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {exampleInventory, exampleSettings, lessonFiles, lessonOf} from '../helpers/lessons.ts';

/** The verdict of one control alone: what the system's own objects are excused from, an example is not. */
function judge(control: AnyControl, example: Example) {
  const {id, title, baseScore} = control.meta;
  const entries = [{id, title, baseScore, control}];
  const framework = {
    id: 'one',
    title: 'One control',
    scoring: 'mean',
    excuses: () => undefined,
    entries,
  } as const;
  const accept = Object.assign(() => undefined, {settings: exampleSettings(example)});
  const scanner = new Scanner(framework, exampleInventory(example), accept);
  const {status, reason, failed} = scanner.scan().controls[0]!;
  return {status, reason, failed: failed > 0};
}

const cases = lessonFiles.flatMap(({id}) => {
  const lesson = lessonOf(id);
  const ids = new Set([...lesson.before.controls, ...lesson.after.controls]);
  return controls
    .filter(({meta}) => ids.has(meta.id))
    .map((control) => ({id, lesson, control, rule: control.meta.id}));
});

const byControl = new Map(controls.map((control) => [control.meta.id, control]));
const own = lessonFiles.flatMap(({id}) =>
  lessonOf(id).examples.map((example) => ({id, example, rule: example.control})),
);

describe('the examples of single controls', () => {
  it.each(own)('$id: before fails $rule', ({example, rule}) => {
    expect(judge(byControl.get(rule)!, example.before)).toMatchObject({status: 'failed', failed: true});
  });

  it.each(own)('$id: after passes $rule', ({example, rule}) => {
    expect(judge(byControl.get(rule)!, example.after)).toEqual({
      status: 'passed',
      reason: undefined,
      failed: false,
    });
  });

  it.each(own)('$id: after is seen by $rule, unless what was wrong is gone', ({example, rule}) => {
    const {kinds} = byControl.get(rule)!;
    const seen = kinds.some((kind) => exampleInventory(example.after).list(kind).length > 0);
    expect(seen || rule === 'legacy-tokens').toBe(true);
  });

  it('show every control of its practice that its lesson does not, but what only a person knows', () => {
    for (const {id} of lessonFiles) {
      const lesson = lessonOf(id);
      const shown = [...lesson.before.controls, ...lesson.examples.map(({control}) => control)];
      const wanted = lesson.controls.filter((one) => !byControl.get(one)?.meta.needs.includes('attestation'));
      expect([...shown].sort(), `lessons/examples/${id}.md`).toEqual([...wanted].sort());
    }
  });
});

describe('the examples of the lessons', () => {
  it.each(cases)('$id: Before fails $rule', ({lesson, control}) => {
    expect(judge(control, lesson.before)).toMatchObject({status: 'failed', failed: true});
  });

  it.each(cases)('$id: After passes $rule', ({lesson, control}) => {
    expect(judge(control, lesson.after)).toMatchObject({status: 'passed', failed: false});
  });

  it('know only controls that exist', () => {
    const known = new Set(controls.map(({meta}) => meta.id));
    const named = lessonFiles.flatMap(({id}) => lessonOf(id).before.controls);
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});
