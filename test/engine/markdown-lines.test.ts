import {describe, expect, it} from 'vitest';
import {parseInline} from '../../src/engine/markdown.ts';
import {codeLine, span, textOf, wrap} from '../../src/engine/markdown-lines.ts';

const wrapped = (text: string, width: number) => wrap(parseInline(text), width).map(textOf);

describe('wrap', () => {
  it('breaks a path that no line can hold behind a slash', () => {
    expect(wrapped('mounted at /var/run/secrets/kubernetes.io/serviceaccount/token. Most', 47)).toEqual([
      'mounted at /var/run/secrets/kubernetes.io/',
      'serviceaccount/token. Most',
    ]);
  });

  it('leaves a path whole that the next line can hold', () => {
    expect(wrapped('mounted at /var/run/secrets/token here', 24)).toEqual([
      'mounted at',
      '/var/run/secrets/token',
      'here',
    ]);
  });

  it('cuts a word without any slash at the margin', () => {
    expect(wrapped('a aaaaaaaaaaaaaaaaaaaaaaaa', 12)).toEqual(['a aaaaaaaaaa', 'aaaaaaaaaaaa', 'aa']);
  });

  it('keeps a full stop at its code, and breaks code at its blanks', () => {
    expect(wrapped('say `drop: [ALL]`.', 10)).toEqual(['say drop:', '[ALL].']);
  });
});

describe('codeLine', () => {
  it('goes on below, indented by four more', () => {
    expect(codeLine('kubectl get pods --all-namespaces', 20).map(textOf)).toEqual([
      '  kubectl get pods',
      '      --all-namespac',
      '      es',
    ]);
  });

  it('marks the first row only', () => {
    expect(codeLine('  - --flag=value of some length', 20, span('+ ', 'good')).map(textOf)).toEqual([
      '+   - --flag=value',
      '        of some',
      '        length',
    ]);
  });
});
