import {describe, expect, it} from 'vitest';
import {parseLesson, renderLesson} from '../../src/engine/lesson.ts';
import {textOf} from '../../src/engine/markdown-lines.ts';

const text = `---
title: Tokens that nobody needs
section: Kubernetes Pod security
cks2021: setup
cksToday: [hardening]
competencies: [hardening/service-accounts]
controls: [C-0034]
gist: Every pod gets a token.
attackers: [insider]
---

## What the attacker gains

A token at \`/var/run/secrets\`, in **every** pod, also in those that never ask
for one.

## What to do

- Switch it off at the account, where
  it holds for all.
- See [the docs](https://kubernetes.io).

1. First this.
2. Then that.

## Before

\`\`\`yaml fails=C-0034
kind: ServiceAccount
metadata: {name: web}
automountServiceAccountToken: true
\`\`\`

## After

\`\`\`yaml passes=C-0034
kind: ServiceAccount
metadata: {name: web}
automountServiceAccountToken: false
secrets: []
\`\`\`

## How to verify

\`\`\`sh
kubectl get serviceaccount web
\`\`\`

## What commonly breaks

Nothing at once.

## In the guidance

Fewer tokens.

## In the CKS

A usual task.
`;
const lesson = parseLesson(text, 'sample');
const frame = (width: number) => renderLesson(lesson, width).map(textOf);

describe('parseLesson', () => {
  it('reads frontmatter and examples', () => {
    const {title, cks2021, cksToday, controls, before, after} = lesson;
    expect({title, cks2021, cksToday, controls}).toEqual({
      title: 'Tokens that nobody needs',
      cks2021: 'setup',
      cksToday: ['hardening'],
      controls: ['C-0034'],
    });
    expect(before.controls).toEqual(['C-0034']);
    expect(after.controls).toEqual(['C-0034']);
    expect(after.code.text.split('\n')).toHaveLength(4);
  });

  it.each([
    ['no frontmatter', text.slice(4), 'sample.md:1: A lesson begins with frontmatter'],
    [
      'an unknown domain',
      text.replace('[hardening]', '[hardning]'),
      'sample.md:5: cksToday has to be a list of known ids',
    ],
    [
      'an unknown competency',
      text.replace('/service-accounts', '/robots'),
      'sample.md:6: competencies has to be',
    ],
    ['an unknown attacker', text.replace('[insider]', '[weather]'), 'sample.md:9: attackers has to be'],
    ['a field that is missing', text.replace('gist: ', 'jist: '), 'gist has to be text, it is not set.'],
    ['broken YAML', text.replace('[C-0034]', '[C-0034'), 'sample.md:8: '],
    [
      'a heading of its own',
      text.replace('## What to do', '## What you do'),
      'sample.md:17: The heading "## What to do"',
    ],
    [
      'a heading too many',
      `${text}\n## And more\n`,
      'sample.md:61: "And more" is not a heading of a lesson.',
    ],
    [
      'an empty section',
      text.replace('Nothing at once.\n', ''),
      'sample.md:49: "What commonly breaks" has no content.',
    ],
    [
      'text beside an example',
      text.replace('## After', 'Like that.\n\n## After'),
      'sample.md:34: "Before" holds one code block',
    ],
    [
      'a wrong expectation',
      text.replace('fails=', 'passes='),
      'sample.md:28: Before may say fails=, not passes=.',
    ],
    ['an open fence', text.replace('web\n```', 'web\n'), 'sample.md:45: This code block is never closed.'],
    [
      'a loose list item',
      text.replace('  it holds', 'it holds'),
      'sample.md:20: A line that goes on with a list item',
    ],
  ])('tells file and line of %s', (_, broken, message) => {
    expect(broken).not.toBe(text);
    expect(() => parseLesson(broken, 'sample')).toThrow(message);
  });
});

describe('renderLesson', () => {
  it('puts Before and After beside each other at 80 columns', () => {
    expect(frame(80)).toEqual([
      'What the attacker gains',
      'A token at /var/run/secrets, in every pod, also in those that never ask for',
      'one.',
      '',
      'What to do',
      '- Switch it off at the account, where it holds for all.',
      '- See the docs (https://kubernetes.io).',
      '',
      '1. First this.',
      '2. Then that.',
      '',
      'Before, fails                         After, passes',
      '  kind: ServiceAccount                  kind: ServiceAccount',
      '  metadata: {name: web}                 metadata: {name: web}',
      '- automountServiceAccountToken: true  + automountServiceAccountToken: false',
      '                                      + secrets: []',
      '',
      'How to verify',
      '  kubectl get serviceaccount web',
      '',
      'What commonly breaks',
      'Nothing at once.',
      '',
      'In the guidance',
      'Section "Kubernetes Pod security", version 1.2.',
      '',
      'Fewer tokens.',
      '',
      'In the CKS',
      'Today: 2 Cluster Hardening, 15%',
      '  Caution with service accounts: disable defaults, minimize permissions on',
      '  new ones',
      '2021: 1 Cluster Setup, 10%',
      '',
      'A usual task.',
    ]);
  });

  it('puts them below each other where there is less room, and folds what did not change', () => {
    const lines = frame(46);
    expect(lines.slice(0, 4)).toEqual([
      'What the attacker gains',
      'A token at /var/run/secrets, in every pod,',
      'also in those that never ask for one.',
      '',
    ]);
    expect(lines.slice(lines.indexOf('Before, fails'), lines.indexOf('How to verify'))).toEqual([
      'Before, fails',
      '  kind: ServiceAccount',
      '  metadata: {name: web}',
      '- automountServiceAccountToken: true',
      'After, passes',
      '  kind: ServiceAccount',
      '  metadata: {name: web}',
      '+ automountServiceAccountToken: false',
      '+ secrets: []',
      '',
    ]);
  });

  it('is never wider than 76 columns, however wide the screen', () => {
    expect(frame(200)).toEqual(frame(76));
  });

  it('names the outline that is asked for first', () => {
    const lines = renderLesson(lesson, 76, {outline: '2021'}).map(textOf);
    expect(lines[lines.indexOf('In the CKS') + 1]).toBe('2021: 1 Cluster Setup, 10%');
  });

  it('marks headings, code and changes by style, and nothing else', () => {
    const lines = renderLesson(lesson, 76);
    expect(lines[0]).toEqual([{text: 'What the attacker gains', style: 'heading'}]);
    expect(lines[1]).toEqual([
      {text: 'A token at '},
      {text: '/var/run/secrets', style: 'code'},
      {text: ', in '},
      {text: 'every', style: 'strong'},
      {text: ' pod, also in those that never ask for'},
    ]);
    expect(lines[14]).toEqual([
      {text: '- ', style: 'bad'},
      {text: 'automountServiceAccountToken: true', style: 'bad'},
      {text: '  '},
      {text: '+ ', style: 'good'},
      {text: 'automountServiceAccountToken: false', style: 'good'},
    ]);
  });
});
