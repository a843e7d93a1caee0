import {describe, expect, it} from 'vitest';
import {content, start, study} from './harness.ts';

describe('an exam', () => {
  const begin = () => {
    const tui = study();
    tui.press('x', 'G', 'enter');
    const [, command] = tui.commanded();
    expect(command).toMatchObject({do: 'start-exam'});
    tui.send({type: 'exam-ready', exam: tui.state().progress.exam!});
    return tui;
  };
  const pass = (tui: ReturnType<typeof study>, seconds: number) => {
    for (let n = 0; n < seconds; n += 1) tui.send({type: 'tick', now: tui.state().now + 1000});
  };

  it('runs its clock only while it is worked on, and writes it down', () => {
    const tui = study();
    tui.press('x', 'G', 'enter');
    pass(tui, 10);
    expect(tui.state().progress.exam?.left).toBe(900_000);
    tui.send({type: 'exam-ready', exam: tui.state().progress.exam!});
    tui.commanded();
    pass(tui, 10);
    expect(tui.lines()[0]).toContain('14:50 left');
    expect(tui.commanded().filter((one) => one.do === 'save').length).toBeGreaterThanOrEqual(2);
    tui.press('enter');
    pass(tui, 10);
    expect(tui.lines()[0]).toContain('14:40 left');
  });

  it('stands still while kubekata does not run, and goes on from the home', () => {
    const tui = begin();
    pass(tui, 30);
    const again = study({}, tui.state().progress);
    expect(again.screen()).toContain('▸ Exam      Continue the exam, 14:30 left?');
    again.press('enter');
    expect(again.commanded()).toMatchObject([{do: 'start-exam', exam: {left: 870_000}}]);
  });

  it('keeps the task that was looked at last, each one seen as it was, and what is left when it is quit', () => {
    const tui = begin();
    pass(tui, 3);
    tui.commanded();
    tui.press('j', 'f', 'q');
    const [moved, flagged, last, quit] = tui.commanded();
    expect([moved, flagged, last, quit].map((one) => one?.do)).toEqual(['save', 'save', 'save', 'quit']);
    const exam = tui.state().progress.exam!;
    expect(exam).toMatchObject({left: 897_000, current: exam.tasks[1]!.drill});
    expect(exam.tasks).toMatchObject([{seen: true}, {seen: true, flagged: true}]);
    expect(last).toEqual({do: 'save', progress: tui.state().progress});

    const again = study({}, tui.state().progress);
    again.press('enter');
    again.send({type: 'exam-ready', exam});
    expect(again.state().screen).toMatchObject({name: 'exam', phase: 'working', cursor: 1});
    expect(again.screen()).toContain('Task 2,');
  });

  it('gives no way to hints, solutions and verdicts of its tasks', () => {
    const tui = begin();
    const task = tui.state().progress.exam!.tasks[0]!.drill;
    for (const key of ['h', 'v', 'l', 'c', 'x']) {
      tui.press(key);
      expect(tui.state().screen.name, key).toBe('exam');
    }
    for (const word of ['cards', 'drills', 'domains', 'exam']) {
      tui.press(':');
      tui.type(word);
      tui.press('enter');
      expect(tui.screen()).toContain('The exam is open: esc pauses it, H hands it in.');
    }
    tui.send({type: 'verdicts', drill: task, now: start, results: [{id: 'pods', passed: true, reason: ''}]});
    expect(tui.screen()).not.toMatch(/✓|✗/);

    tui.press('esc', 'l');
    tui.commanded();
    const index = content.drills.findIndex(({id}) => id === task);
    tui.press(...Array.from({length: index}, () => 'j'), 'enter');
    expect(tui.screen()).toContain('waits until the exam is handed in');
    expect(tui.commanded()).toEqual([]);
    expect(tui.state().screen.name).toBe('list');
  });

  it('that another session has, or handed in, is not gone on with here', () => {
    const tui = study();
    tui.press('x', 'G', 'enter');
    const own = tui.state().progress;
    const theirs = {...own.exam!, started: new Date(start - 60_000).toISOString()};
    const message = 'An exam is under way in another kubekata study. Hand it in there first.';
    tui.send({type: 'exam-failed', message, progress: {...own, exam: theirs}});
    expect(tui.screen()).toContain(message);
    expect(tui.state().progress.exam).toEqual(theirs);
    tui.send({type: 'exam-failed', message: 'It was handed in.', progress: {...own, exam: null}});
    tui.press('esc');
    expect(tui.state().screen.name).toBe('home');
    expect(tui.screen()).not.toContain('Continue the exam');
  });

  it('flags, marks and jumps; says nothing of what is right', () => {
    const tui = begin();
    tui.press('f', 'n', 'space');
    expect(tui.state().progress.exam?.tasks).toMatchObject([
      {flagged: true, done: false, seen: true},
      {flagged: false, done: true, seen: true},
    ]);
    tui.press('1');
    expect(tui.screen()).toContain('flagged');
    expect(tui.screen()).toContain('1 of 2 tasks done. Results are shown when you hand in, not before.');
    expect(tui.screen()).not.toMatch(/✓|✗/);
  });

  it('is handed in by a typed word', () => {
    const tui = begin();
    tui.commanded();
    tui.press('H');
    expect(tui.screen()).toContain('Hand in? 1 task was not opened. Type hand in:');
    tui.type('hand');
    tui.press('enter');
    expect(tui.commanded()).toEqual([]);
    tui.type(' in');
    tui.press('enter');
    expect(tui.commanded()).toMatchObject([{do: 'hand-in'}]);
  });

  it('is handed in when time is over, and warned of before', () => {
    const tui = begin();
    pass(tui, 601);
    expect(tui.screen()).toContain('5 minutes are left.');
    tui.commanded();
    pass(tui, 300);
    expect(tui.commanded().filter((one) => one.do === 'hand-in')).toHaveLength(1);
  });

  it('ends with points by domain, what was lost and what to study', () => {
    const tui = begin();
    const {exam} = tui.state().progress;
    const tasks = exam!.tasks.map(({drill, points}, index) => ({
      ...{drill, points, earned: index === 0 ? points : points / 2},
      criteria: [
        {id: 'account', passed: true, reason: ''},
        {id: 'pods', passed: index === 0, reason: index === 0 ? '' : '1 pod has one'},
      ],
    }));
    tui.send({
      type: 'graded',
      result: {at: new Date(start).toISOString(), minutes: 15, used: 60_000, score: 75, tasks},
    });
    expect(tui.screen()).toContain('75 of 100   passed, the mark is 67');
    expect(tui.screen()).toMatch(/▸ 2 .* of 50 +No pod of ledger/);
    expect(tui.state().progress).toMatchObject({exam: null, exams: [{score: 75}]});
    expect(tui.screen().replaceAll(/\s+/g, ' ')).toMatch(/Study next: .+, which lost most\./);
    tui.press('enter');
    expect(tui.screen()).toContain('Found: 1 pod has one.');
    tui.press('esc', 'n');
    expect(tui.state().screen).toMatchObject({name: 'drill', drill: tasks[1]!.drill});
  });
});
