import {describe, expect, it} from 'vitest';
import {DOMAINS} from '../../src/engine/curriculum.ts';
import {type Drill, parseDrill} from '../../src/learn/drill.ts';
import {changeTask, drawExam, gradeExam, scoreByDomain} from '../../src/learn/exam.ts';
import {type Content, expectedScore, knowledgeOf, masteryOf} from '../../src/learn/knowledge.ts';
import {type Attempt, emptyProgress, withAttempt, withMemory} from '../../src/learn/progress.ts';
import {review} from '../../src/learn/schedule.ts';
import {dueCards, todayOf} from '../../src/learn/today.ts';
import {card} from './written.ts';

const now = new Date(2026, 10, 23, 12);

const drillOf = (id: string, competency: string, namespace: string, more = ''): Drill =>
  parseDrill(
    `
title: ${id}
competencies: [${competency}]
difficulty: easy
minutes: 6
namespace: ${namespace}
task: Do it.
hints: [Look.]
criteria:
  - {id: a, text: A is so., check: {file: work/a, expect: [{contains: x}]}}
  - {id: b, text: B is so., check: {file: work/b, expect: [{contains: x}]}}
${more}`,
    id,
  );
// Four of each competency, each with a namespace of its own.
const drills = DOMAINS.flatMap(({competencies}) =>
  competencies.flatMap(({id}) =>
    [0, 1, 2, 3].map((n) => drillOf(`${id.replace('/', '-')}-${n}`, id, `${id.replace('/', '-')}-${n}`)),
  ),
);
const content: Content = {lessons: [], cards: [], drills};

describe('an exam', () => {
  it.each([120, 60, 30])(
    'of %d minutes is drawn by the weights of the domains, 100 points in all',
    (minutes) => {
      for (const seed of [1, 2, 3, 4, 5]) {
        const exam = drawExam(drills, minutes, seed, now);
        expect(exam.tasks).toHaveLength(Math.round(minutes / 7.5));
        expect(exam.tasks.reduce((sum, {points}) => sum + points, 0)).toBe(100);
        expect(new Set(exam.tasks.map(({drill}) => drill)).size).toBe(exam.tasks.length);
        expect(exam.left).toBe(minutes * 60_000);
      }
    },
  );

  it('gives each domain its share', () => {
    const exam = drawExam(drills, 150, 7, now);
    const result = gradeExam(exam, new Map(), now);
    const points = scoreByDomain(result, drills);
    for (const {id, weight} of DOMAINS) expect(points.get(id)?.points).toBe(weight.today);
  });

  it('is the same for the same seed, and another one for another', () => {
    const names = (seed: number) => drawExam(drills, 120, seed, now).tasks.map(({drill}) => drill);
    expect(names(1)).toEqual(names(1));
    expect(names(1)).not.toEqual(names(2));
  });

  it('never holds two tasks that work in one namespace', () => {
    const same = drills.map((drill) => ({...drill, namespaces: ['shop']}));
    expect(drawExam(same, 120, 1, now).tasks).toHaveLength(1);
  });

  it('gives a part of the points for a part of the criteria', () => {
    const exam = drawExam(drills, 15, 3, now);
    const [first, second] = exam.tasks.map(({drill}) => drill);
    const judged = (a: boolean, b: boolean) =>
      [a, b].map((passed, index) => ({id: ['a', 'b'][index]!, passed, reason: ''}));
    const result = gradeExam(
      {...exam, left: exam.left - 60_000},
      new Map([
        [first!, judged(true, false)],
        [second!, judged(true, true)],
      ]),
      now,
    );
    const [half, whole] = result.tasks;
    expect(half?.earned).toBe(half!.points / 2);
    expect(whole?.earned).toBe(whole!.points);
    expect(result.score).toBe(Math.floor(half!.points / 2 + whole!.points));
    expect(result.used).toBe(60_000);
  });

  it('changes one task', () => {
    const exam = drawExam(drills, 15, 3, now);
    const changed = changeTask(exam, exam.tasks[1]!.drill, {flagged: true});
    expect(changed.tasks.map(({flagged}) => flagged)).toEqual([false, true]);
  });
});

describe('what is known', () => {
  const attempt: Attempt = {
    ...{at: now.toISOString(), seconds: 60, hints: 0, shown: false, met: 2, of: 2, exam: false},
  };

  it('is nothing at first, and everything once every drill is solved alone', () => {
    expect(expectedScore(knowledgeOf(content, emptyProgress, now))).toBe(0);
    const all = drills.reduce((progress, {id}) => withAttempt(progress, id, attempt, now), emptyProgress);
    expect(expectedScore(knowledgeOf(content, all, now))).toBe(100);
  });

  it('counts hints, shown solutions and parts for less', () => {
    expect(masteryOf([attempt])).toBe(1);
    expect(masteryOf([{...attempt, hints: 2}])).toBeCloseTo(0.8);
    expect(masteryOf([{...attempt, shown: true}])).toBe(0.4);
    expect(masteryOf([{...attempt, met: 1}])).toBeCloseTo(0.3);
    expect(masteryOf([{...attempt, shown: true}, attempt])).toBe(1);
    expect(masteryOf(undefined)).toBe(0);
  });
});

describe('today', () => {
  const cards = Array.from({length: 30}, (_, n) =>
    card(`card-${n}`, n % 2 ? 'setup/ingress-tls' : 'hardening/rbac'),
  );
  const all: Content = {...content, cards};

  it('has at most twelve new cards, of both competencies', () => {
    const due = dueCards(cards, all, emptyProgress, now);
    expect(due).toHaveLength(12);
    expect(due.filter(({competency}) => competency === 'hardening/rbac')).toHaveLength(6);
  });

  it('asks first what is due, and no card before its time', () => {
    const old = review(undefined, 1, new Date(now.getTime() - 86_400_000));
    const fresh = review(undefined, 4, now);
    const progress = withMemory(withMemory(emptyProgress, 'card-3', old, now), 'card-4', fresh, now);
    const due = dueCards(cards, all, progress, now).map(({id}) => id);
    expect(due[0]).toBe('card-3');
    expect(due).not.toContain('card-4');
  });

  it('proposes a drill of the domain where an hour brings most, and another once that one is solved', () => {
    const {drill} = todayOf(all, [], emptyProgress, now, true);
    expect(drill).toBeDefined();
    const solved = withAttempt(
      emptyProgress,
      drill!.id,
      {at: now.toISOString(), seconds: 1, hints: 0, shown: false, met: 2, of: 2, exam: false},
      now,
    );
    const next = todayOf(all, [], solved, now, true);
    expect(next.drill?.id).not.toBe(drill!.id);
    expect(next.drillDone).toBe(true);
  });

  it('proposes no drill on nodes where the cluster has none', () => {
    const onNodes = drills.map((one) => ({...one, onNodes: true}));
    expect(todayOf({...all, drills: onNodes}, [], emptyProgress, now, false).drill).toBeUndefined();
  });
});
