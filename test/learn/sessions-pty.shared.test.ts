import {describe, expect, it} from 'vitest';
import {temporaryFolder} from '../helpers/program.ts';
import {hasShared} from '../helpers/shared.ts';
import {escapeTo, isRead, skipQuestions, studyAt} from '../helpers/study.ts';

describe.skipIf(!hasShared)('an exam that is killed', () => {
  it('goes on where it was: while it is set up, while a task is open, while it is judged', {
    timeout: 300_000,
  }, async () => {
    const home = temporaryFolder();
    const {open, progress, solve, begun} = studyAt(home);
    const killed = async (tui: ReturnType<typeof open>) => {
      tui.kill('SIGKILL');
      await tui.exited;
    };
    const goOn = async (left: RegExp) => {
      const tui = open();
      await tui.see(left, 30_000);
      await tui.see(isRead, 60_000);
      tui.press('\r');
      return tui;
    };

    let tui = open();
    await skipQuestions(tui);
    await tui.see(isRead, 60_000);
    tui.press('x');
    await tui.see('15 minutes');
    tui.press('G\r');
    await tui.see('tasks are set up.');
    await expect.poll(() => begun().length, {timeout: 30_000}).toBeGreaterThan(0);
    await killed(tui);
    expect(progress().exam).toMatchObject({minutes: 15, left: 900_000});

    tui = await goOn(/Continue the exam, 15:00 left\?/);
    await tui.see('Task 1,', 60_000);
    const [first, second] = progress().exam!.tasks;
    expect(begun()).toEqual([first!.drill, second!.drill].sort());
    tui.press('j');
    await tui.see('Task 2,');
    tui.press('f');
    await tui.see('flagged');
    await expect
      .poll(() => progress().exam, {timeout: 15_000})
      .toMatchObject({current: second!.drill, tasks: [{flagged: false}, {flagged: true}]});
    // Time is written down every few seconds.
    await expect.poll(() => progress().exam!.left, {timeout: 30_000}).toBeLessThan(900_000);
    await killed(tui);
    const {left} = progress().exam!;

    tui = await goOn(/Continue the exam, 14:\d\d left\?/);
    await tui.see('Task 2,', 60_000);
    expect(tui.text()).toContain('flagged');
    expect(progress().exam!.left).toBeLessThanOrEqual(left);
    await solve(first!.drill);
    tui.press('H');
    await tui.see('Type hand in:');
    tui.press('hand in\r');
    await tui.see('Every task is judged now.');
    await killed(tui);
    expect(progress()).toMatchObject({exam: {tasks: [{}, {flagged: true}]}, exams: []});

    tui = await goOn(/Continue the exam, 14:\d\d left\?/);
    await tui.see('Task 2,', 60_000);
    tui.press('H');
    await tui.see('Type hand in:');
    tui.press('hand in\r');
    await tui.see('Where points were lost', 60_000);
    tui.press('q');
    expect(await tui.exited).toBe(0);
    const {exam, exams} = progress();
    expect(exam).toBeNull();
    expect(exams).toMatchObject([{tasks: [{earned: first!.points}, {earned: 0}]}]);
    expect(begun()).toEqual([]);
  });
});

describe.skipIf(!hasShared)('two sessions at once', () => {
  it('leave each other their drills and exams, and keep what both learnt', {timeout: 300_000}, async () => {
    const home = temporaryFolder();
    const {open, progress, solve, kubectl} = studyAt(home);
    const one = open();
    await skipQuestions(one);
    await one.see(isRead, 60_000);
    const openDrill = async (tui: typeof one) => {
      tui.press('l');
      await tui.see('Level');
      tui.press('/that nobody\r');
      await tui.see('▸   Tokens that nobody needs');
      tui.press('\r');
    };
    await openDrill(one);
    await one.see('0 of 4', 60_000);
    const uid = () => kubectl('get', 'namespace', 'payments', '-o', 'jsonpath={.metadata.uid}');
    const before = await uid();

    const two = open();
    await two.see(isRead, 60_000);
    await openDrill(two);
    await two.see('Another kubekata study has Tokens that nobody needs open.', 60_000);
    await escapeTo(two, 'Level');
    expect(await uid()).toBe(before);

    await solve('tokens-nobody-needs');
    await one.see(/Solved in \d+:\d\d without a hint/, 60_000);
    await escapeTo(two, 'What you know');
    two.press('c');
    await two.see('1 of ');
    two.press('a\r');
    await two.see('How was it?');
    two.press('3');
    await two.see('2 of ');
    await expect.poll(() => Object.keys(progress().cards).length, {timeout: 15_000}).toBe(1);
    expect(progress().drills).toMatchObject({'tokens-nobody-needs': [{met: 4, of: 4}]});

    // An exam in one of them is not to be had in the other; the first goes on with its own.
    await escapeTo(one, 'Level');
    await escapeTo(one, 'What you know');
    one.press('x');
    await one.see('15 minutes');
    one.press('G\r');
    await one.see('Task 1,', 60_000);
    const {exam} = progress();
    await escapeTo(two, 'What you know');
    two.press('x');
    await two.see('15 minutes');
    two.press('G\r');
    await two.see('An exam is under way in another kubekata study.', 60_000);
    two.press('q');
    expect(await two.exited).toBe(0);
    expect(progress().exam).toMatchObject({started: exam!.started});
    one.press('q');
    expect(await one.exited).toBe(0);
    expect(progress()).toMatchObject({
      exam: {started: exam!.started},
      drills: {'tokens-nobody-needs': [{met: 4, of: 4}]},
    });
    expect(Object.keys(progress().cards)).toHaveLength(1);
  });
});
