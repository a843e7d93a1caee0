import {describe, expect, it} from 'vitest';
import {controls} from '../../controls/index.ts';
import type {AnyControl} from '../../src/engine/control.ts';
import type {Example} from '../../src/engine/lesson.ts';
import {Scanner} from '../../src/engine/scan.ts';
import {exampleInventory, lessonFiles, lessonOf} from '../helpers/lessons.ts';

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
  const {status, reason, failed} = new Scanner(framework, exampleInventory(example)).scan().controls[0]!;
  return {status, reason, failed: failed > 0};
}

const cases = lessonFiles.flatMap(({id}) => {
  const lesson = lessonOf(id);
  const ids = new Set([...lesson.before.controls, ...lesson.after.controls]);
  return controls
    .filter(({meta}) => ids.has(meta.id))
    .map((control) => ({id, lesson, control, rule: control.meta.id}));
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
