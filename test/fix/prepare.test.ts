import {describe, expect, it} from 'vitest';
import type {Question} from '../../src/engine/change.ts';
import {UnresolvedError} from '../../src/engine/edits.ts';
import type {Ref} from '../../src/engine/objects.ts';
import {serverRemarks, withAnswers} from '../../src/fix/prepare.ts';
import type {PreviewItem} from '../../src/target/target.ts';

const ref = (name: string): Ref => ({apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'home', name});
const item = (name: string, more: Partial<PreviewItem> = {}): PreviewItem => ({
  step: {do: 'edit', object: ref(name), edits: []},
  ref: ref(name),
  before: {},
  after: {},
  confirmedBy: 'server',
  warnings: [],
  expected: {values: []},
  ...more,
});
const lines = (...items: readonly PreviewItem[]): readonly string[] =>
  serverRemarks(items).map(({mark, text}) => `${mark}: ${text}`);

describe('what the server says', () => {
  it('to one that it takes', () => {
    expect(lines(item('a'))).toEqual([
      'passed: It accepts the change (dry run, strict) and gives no warning.',
    ]);
  });
  it('to many', () => {
    expect(lines(item('a'), item('b'), item('c'))).toEqual([
      'passed: It accepts all 3 (dry run, strict) and gives no warning.',
    ]);
  });
  it('with a warning', () => {
    expect(lines(item('a', {warnings: ['it is old']}))).toEqual([
      'look: It accepts the change (dry run, strict) and warns: it is old',
    ]);
  });
  it('refusing one of two', () => {
    expect(lines(item('a'), item('b', {rejection: 'no.'}))).toEqual([
      'failed: It refuses ServiceAccount home/b: no.',
      'passed: It accepts 1 of 2 (dry run, strict).',
    ]);
  });
  it('where it could not be asked', () => {
    expect(lines(item('a', {confirmedBy: 'computed'}))).toEqual([
      "look: ServiceAccount home/a: computed, not confirmed by the server, which can't be asked about it yet.",
    ]);
  });
  it('where there is none: files', () => {
    expect(lines(item('a', {confirmedBy: 'parsed'}), item('b', {confirmedBy: 'parsed'}))).toEqual([
      'passed: No server was asked: the result was parsed again and holds exactly the intended values.',
    ]);
  });
  it('where files ask for something, or one of them can not be changed', () => {
    const asking = item('a', {confirmedBy: 'parsed', warnings: ['Add it to the kustomization.']});
    expect(lines(asking, item('b', {confirmedBy: 'parsed', rejection: 'line 3 is an alias.'}))).toEqual([
      'failed: ServiceAccount home/b stays as it is: line 3 is an alias.',
      'look: No server was asked: the result was parsed again and holds exactly the intended values. Add it to the kustomization.',
    ]);
  });
  it('to nothing', () => expect(lines()).toEqual(['same: There is nothing to change.']));
});

describe('answers', () => {
  const question: Question = {id: 'q', label: 'memory limit', type: 'quantity', reason: 'none'};
  const change = (ask: Question) => ({
    id: 'c',
    steps: [{do: 'edit', object: ref('a'), edits: [{op: 'set', path: ['x'], value: {ask}}]}] as const,
  });
  const answered = (ask: Question, answers: Record<string, string> = {}): unknown => {
    const step = withAnswers(change(ask), new Map(Object.entries(answers))).steps[0];
    return step?.do === 'edit' && step.edits[0]?.op === 'set' ? step.edits[0].value : undefined;
  };

  it('take the place of questions', () => {
    expect(answered(question, {q: '128Mi'})).toEqual({json: '128Mi'});
  });
  it('are the suggestion where none is given', () => {
    expect(answered({...question, suggestion: '64Mi'})).toEqual({json: '64Mi'});
  });
  it('are wanted where there is no suggestion', () => {
    expect(() => answered(question)).toThrow(
      new UnresolvedError('The memory limit is not known: enter it.', question),
    );
  });
  it('must be quantities', () => {
    expect(() => answered(question, {q: 'much'})).toThrow('The memory limit much is no quantity');
  });
  it('must be among the choices', () => {
    const choice: Question = {...question, label: 'role', type: 'choice', choices: ['view', 'edit']};
    expect(answered(choice, {q: 'view'})).toEqual({json: 'view'});
    expect(() => answered(choice, {q: 'admin'})).toThrow('The role is one of view, edit.');
  });
});
