// The keys as README shows them, from the one key table.
import {EVERYWHERE, SCREEN_KEYS} from '../src/tui/keys.ts';

const cell = (text: string): string => text.replaceAll('|', String.raw`\|`);

const screens = [
  ['walk', 'the walk'],
  ['control', 'a control'],
  ['preview', 'the preview'],
  ['result', 'the result'],
  ['changes', 'changes'],
] as const;

/** A Markdown table: where, key, what it does; everywhere first, a key of one screen once. */
export function keysTable(): string {
  const rows = [
    ...EVERYWHERE.map((binding) => ['everywhere', binding] as const),
    ...screens.flatMap(([name, words]) => SCREEN_KEYS[name].map((binding) => [words, binding] as const)),
  ];
  const seen = new Set<string>();
  const lines = rows.flatMap(([where, {shown, help}]) => {
    const key = `${shown} ${help}`;
    if (shown === '' || help === '' || seen.has(key)) return [];
    seen.add(key);
    return [
      `| ${where} | ${shown
        .split(/\s+/)
        .map((one) => `\`${cell(one)}\``)
        .join(' ')} | ${cell(help)} |`,
    ];
  });
  return ['| where | key | does |', '| --- | --- | --- |', ...lines].join('\n');
}

const begin = '<!-- keys: written by npx node scripts/docs.ts -->';
const end = '<!-- end of keys -->';

/** README with the table of keys between its two marks. */
export function withKeys(readme: string): string {
  const [before, rest] = readme.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`README.md has no ${begin} … ${end}.`);
  return `${before}${begin}\n\n${keysTable()}\n\n${end}${after}`;
}
