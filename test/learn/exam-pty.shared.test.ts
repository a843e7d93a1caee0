import {describe, expect, it} from 'vitest';
import {temporaryFolder} from '../helpers/program.ts';
import {hasShared} from '../helpers/shared.ts';
import {isRead, skipQuestions, studyAt} from '../helpers/study.ts';

describe.skipIf(!hasShared)('the study mode in a terminal', () => {
  it('takes an exam from its start over a crash to its result', {timeout: 120_000}, async () => {
    const home = temporaryFolder();
    const {open, progress, solve} = studyAt(home);
    let tui = open();
    await skipQuestions(tui);
    await tui.see(isRead, 30_000);
    tui.press('x');
    await tui.see('15 minutes');
    tui.press('G\r');
    await tui.see('Task 1,', 60_000);
    expect(tui.text()).toMatch(/1[45]:\d\d left/);
    expect(tui.text()).not.toMatch(/✓|✗/);
    const {tasks} = progress().exam!;
    expect(tasks).toHaveLength(2);
    const [first, second] = tasks;
    await solve(first!.drill);
    tui.press(' n');
    await tui.see('Task 2,');
    tui.press('f');
    await tui.see('flagged');

    // Written down a moment after it is shown.
    await expect
      .poll(() => progress().exam?.tasks, {timeout: 5_000})
      .toMatchObject([{done: true}, {flagged: true}]);
    tui.kill('SIGKILL');
    await tui.exited;
    const {left} = progress().exam!;
    tui = open();
    await tui.see(/Continue the exam, 1[45]:\d\d left\?/, 30_000);
    expect(progress().exam!.left).toBe(left);
    await tui.see(isRead, 30_000);
    tui.press('\r');
    await tui.see('1 of 2 tasks done', 60_000);
    tui.press('H');
    await tui.see('Type hand in:');
    tui.press('hand in\r');
    await tui.see('of 100', 60_000);
    await tui.see('Where points were lost');

    tui.press('q');
    expect(await tui.exited).toBe(0);
    const [result] = progress().exams;
    expect(result?.tasks).toMatchObject([
      {drill: first!.drill, points: first!.points, earned: first!.points},
      {drill: second!.drill, points: second!.points, earned: 0},
    ]);
    expect(result?.score).toBe(first!.points);
    expect(progress().exam).toBeNull();
  });

  it('checks a drill while it is worked on in the shell, and keeps that it was solved', {
    timeout: 120_000,
  }, async () => {
    const home = temporaryFolder();
    const {open, progress, solve} = studyAt(home);
    const tui = open();
    await skipQuestions(tui);
    await tui.see(isRead, 30_000);
    tui.press('l');
    await tui.see('Level');
    tui.press('/that nobody\r');
    await tui.see('▸   Tokens that nobody needs');
    tui.press('\r');
    await tui.see('0 of 4', 60_000);
    tui.press('s');
    await tui.see('k is kubectl');
    tui.press('k -n payments get deployments\r');
    await tui.see('ledger');
    tui.press(`k -n payments patch sa ledger -p '{"automountServiceAccountToken": false}'\r`);
    await tui.see('serviceaccount/ledger patched');
    tui.press('ssh rpi-1\r');
    await tui.see('rpi-1:');
    tui.press('ls etc/kubernetes/manifests\r');
    await tui.see('kube-apiserver.yaml');
    tui.press('exit\rexit\r');
    await tui.see('✓ ServiceAccount ledger sets automountServiceAccountToken: false.', 30_000);
    await tui.see('1 of 4');
    await solve('tokens-nobody-needs');
    await tui.see(/Solved in \d+:\d\d without a hint/, 30_000);
    tui.press('q');
    expect(await tui.exited).toBe(0);
    expect(progress().drills['tokens-nobody-needs']).toMatchObject([{met: 4, of: 4, shown: false}]);
  });
});
