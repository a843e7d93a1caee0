import {describe, expect, it} from 'vitest';
import {emptyProgress} from '../../../src/learn/progress.ts';
import {COMMANDS, EVERYWHERE, SCREEN_KEYS} from '../../../src/tui/study/keys.ts';
import {content, start, study} from './harness.ts';

const judged = (drill: string, ...passed: readonly boolean[]) => ({
  type: 'verdicts' as const,
  drill,
  now: start + 340_000,
  results: ['account', 'pods'].map((id, index) => ({
    id,
    passed: passed[index] ?? false,
    reason: passed[index] ? '' : 'it is not so yet',
  })),
});

describe('the first visit', () => {
  it('places by six questions, one of each domain', () => {
    const tui = study({}, emptyProgress);
    expect(tui.screen()).toContain('enter answers six questions');
    tui.press('enter');
    expect(tui.screen()).toContain('Is one so?');
    for (let n = 0; n < 6; n += 1) tui.press('a', 'enter', 'enter');
    expect(tui.screen()).toContain('You had 6 of 6 right.');
    tui.press('enter');
    expect(tui.state()).toMatchObject({screen: {name: 'home'}, progress: {placed: true}});
    expect(Object.keys(tui.state().progress.cards)).toHaveLength(6);
  });

  it('can be left at once, and does not come back', () => {
    const tui = study({}, emptyProgress);
    tui.press('esc');
    expect(tui.screen()).toContain('Today, about');
    expect(tui.commanded().at(-1)).toMatchObject({do: 'save', progress: {placed: true}});
  });
});

describe('the study home', () => {
  it('shows what is proposed, what is known and how to begin', () => {
    const tui = study();
    const screen = tui.screen();
    expect(screen).toContain('▸ Cards     6 due');
    expect(screen).toContain('C-0034 on the practice cluster  63 failing');
    expect(screen).toContain('6 Monitoring, Logging and Runtime');
    expect(screen).toContain('0 of 67');
    expect(tui.lines()[1]).toContain('╏');
    expect(tui.lines().at(-1)).toMatch(/enter begin.*\? help/);
  });

  it('begins what the cursor is on', () => {
    const tui = study();
    tui.press('j', 'enter');
    expect(tui.state().screen.name).toBe('drill');
    const control = study();
    control.press('G', 'enter');
    expect(control.commanded()).toEqual([{do: 'walk'}]);
  });

  it('takes the date of the exam and the pass mark', () => {
    const tui = study();
    tui.press(':');
    tui.type('exam 2027-01-16');
    tui.press('enter');
    expect(tui.lines()[0]).toContain('exam in 54 days');
    tui.press(':');
    tui.type('mark 70');
    tui.press('enter');
    expect(tui.lines()[0]).toContain('0 of 70');
    tui.press(':');
    tui.type('exam 2027-02-30');
    tui.press('enter');
    expect(tui.screen()).toContain('2027-02-30 is no day.');
  });

  it('has the outline of 2021 with its weights', () => {
    const tui = study();
    expect(tui.screen()).toMatch(/1 Cluster Setup +15%/);
    tui.press('t');
    expect(tui.screen()).toMatch(/1 Cluster Setup +10%/);
  });

  it('reads lessons, and remembers that', () => {
    const tui = study();
    tui.press('d');
    for (let n = 0; n < 6; n += 1) tui.press('j');
    tui.press('enter');
    expect(tui.state().screen.name).toBe('text');
    expect(tui.screen()).toContain('What the attacker gains');
    expect(tui.state().progress.lessons).toHaveProperty('service-account-tokens');
    tui.press('esc');
    expect(tui.state().screen.name).toBe('domains');
  });
});

describe('a drill', () => {
  const open = () => {
    const tui = study();
    tui.press('l', 'j', 'enter');
    expect(tui.commanded().at(-1)).toEqual({do: 'set-up', drill: 'payments'});
    tui.send({type: 'drill-ready', drill: 'payments', now: start});
    tui.commanded();
    return tui;
  };

  it('ticks what is so, and takes the tick back when it breaks', () => {
    const tui = open();
    tui.send(judged('payments', true, false));
    expect(tui.screen()).toContain('✓ ServiceAccount ledger hands out no token.');
    expect(tui.screen()).toContain('✗ No pod of ledger has a token.');
    expect(tui.lines()[0]).toMatch(/Drill 2 of 4 +practice +1 of 2/);
    tui.send(judged('payments', false, false));
    expect(tui.screen()).toContain('✗ ServiceAccount ledger hands out no token.');
  });

  it('is solved once, kept with time and hints, and goes on only when asked', () => {
    const tui = open();
    tui.press('h');
    tui.send(judged('payments', true, true));
    expect(tui.screen()).toContain('Solved in 5:40 with 1 hint. n goes on, v shows the solution.');
    const attempt = {seconds: 340, hints: 1, shown: false, met: 2, of: 2};
    expect(tui.state().progress.drills.payments).toMatchObject([attempt]);
    tui.send(judged('payments', false, true));
    tui.send(judged('payments', true, true));
    expect(tui.state().progress.drills.payments).toHaveLength(1);
    tui.commanded();
    tui.press('n');
    expect(tui.commanded()).toEqual([
      {do: 'take-away', drill: 'payments'},
      {do: 'set-up', drill: 'kernel'},
    ]);
  });

  it('shows the solution after a question, and counts that', () => {
    const tui = open();
    tui.press('v');
    expect(tui.screen()).toContain('Show the solution?');
    tui.press('n');
    expect(tui.commanded()).toEqual([]);
    tui.press('v', 'y');
    expect(tui.commanded()).toEqual([{do: 'solution', drill: 'payments'}]);
    tui.send({type: 'solution', drill: 'payments', text: 'kubectl get pods\n'});
    expect(tui.screen()).toContain('kubectl get pods');
    tui.press('esc');
    expect(tui.screen()).not.toContain('kubectl get pods');
    tui.send(judged('payments', true, true));
    expect(tui.state().progress.drills.payments).toMatchObject([{shown: true}]);
  });

  it('starts over after a question that names the namespace', () => {
    const tui = open();
    tui.send(judged('payments', true, false));
    tui.press('h', 'x');
    expect(tui.screen()).toContain('Start over? Your changes in namespace payments are lost. y n');
    tui.press('y');
    expect(tui.commanded()).toEqual([{do: 'set-up', drill: 'payments'}]);
    expect(tui.state().screen).toMatchObject({phase: 'waiting', hints: 0, results: undefined});
  });

  it('tells why it can not be set up', () => {
    const tui = study();
    tui.press('l', 'enter');
    tui.send({type: 'drill-failed', drill: 'deny', message: 'Namespace deny is there already.'});
    expect(tui.screen()).toContain('Namespace deny is there already.');
  });

  it('is taken away when it is left, verdicts that come later change nothing', () => {
    const tui = open();
    tui.press('esc');
    expect(tui.commanded()).toEqual([{do: 'take-away', drill: 'payments'}]);
    const before = tui.state();
    expect(tui.send(judged('payments', true, true))).toBe(before);
  });
});

describe('cards', () => {
  it('shows why each answer is right or wrong, and schedules by the grade', () => {
    const tui = study();
    tui.press('c', 'b', 'enter');
    expect(tui.screen()).toContain('You said B. Right: A.');
    expect(tui.screen()).toContain('B  It is not.');
    tui.press('4');
    expect(tui.state().screen).toMatchObject({name: 'cards', index: 1, side: 'front'});
    const [memory] = Object.values(tui.state().progress.cards);
    expect(Date.parse(memory!.due)).toBeGreaterThan(start + 86_400_000);
  });

  it('asks once more what was not remembered', () => {
    const tui = study();
    tui.press('c', 'b', 'enter', '1');
    for (let n = 0; n < 6; n += 1) tui.press('a', 'enter', '3');
    expect(tui.screen()).toContain('You had 6 of 7 right.');
  });

  it('leaves one mark where one answer is right', () => {
    const tui = study();
    tui.press('c', 'a', 'b');
    expect(tui.screen()).toContain('[ ] A');
    expect(tui.screen()).toContain('[x] B');
  });
});

it('offers drills to every filter that names them', () => {
  const tui = study();
  tui.press('l', '/');
  tui.type('kernel own');
  tui.press('enter');
  expect(tui.lines().filter((text) => text.includes('6 min'))).toHaveLength(1);
  tui.press('enter');
  expect(tui.state().screen).toMatchObject({drill: 'kernel'});
  expect(content.drills).toHaveLength(4);
});

describe('a competency in the domains', () => {
  const open = () => {
    const tui = study();
    tui.press('d');
    while (!tui.screen().includes('▸   Caution with service accounts')) tui.press('j');
    return tui;
  };

  it('has its drills', () => {
    const tui = open();
    tui.press('l');
    expect(tui.lines().filter((text) => text.includes('6 min'))).toHaveLength(1);
    expect(tui.screen()).toContain('Tokens that nobody needs');
    tui.press('esc');
    expect(tui.state().screen.name).toBe('domains');
  });

  it('has its cards, and is told by its whole title', () => {
    const tui = study();
    tui.press('d');
    while (!tui.screen().includes('▸   Role based access control')) tui.press('j');
    expect(tui.screen()).toContain('Role based access control to minimize exposure');
    tui.press('c');
    expect(tui.screen()).toContain('Is two so?');
    expect(tui.lines()[0]).toContain('1 of 1');
  });
});

it('fits the help of every screen into 80 columns', () => {
  for (const bindings of [...Object.values(SCREEN_KEYS), EVERYWHERE]) {
    for (const {help, shown} of bindings) expect(help.length, `${shown} ${help}`).toBeLessThanOrEqual(27);
  }
  for (const {name, help} of COMMANDS) {
    expect(name.length, name).toBeLessThan(18);
    expect(help.length, help).toBeLessThanOrEqual(16);
  }
});

it('tells where the work folder of a drill is, for a second terminal', () => {
  const tui = study();
  const folder = 'cd /home/mona/.local/state/kubekata/practice/work/payments';
  tui.press('l', 'j', 'enter');
  tui.send({type: 'drill-ready', drill: 'payments', now: start});
  expect(tui.screen()).toContain('export KUBECONFIG=/home/mona/.local/state/kubekata/practice/kubeconfig');
  expect(tui.screen()).not.toContain(folder);
  const drills = content.drills.map((one) => ({...one, task: `${one.task} Write it into your work folder.`}));
  const other = study({}, undefined, {...content, drills});
  other.press('l', 'j', 'enter');
  other.send({type: 'drill-ready', drill: 'payments', now: start});
  expect(other.screen()).toContain(folder);
});
