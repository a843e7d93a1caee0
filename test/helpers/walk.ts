import {keys, type Terminal} from './terminal.ts';

export const lines = (text: string): readonly string[] => text.split('\n');

/** The row of the walk that begins with this control. */
export const row = (text: string, control: string): string =>
  lines(text).find((line) => line.includes(`${control}  `)) ?? '';

const cursor = (text: string): string | undefined => lines(text).find((line) => line.startsWith('▸ '));

/** Moves down until the cursor stands on the row. */
export async function moveTo(terminal: Terminal, wanted: RegExp): Promise<void> {
  for (let step = 0; step < 120; step += 1) {
    const before = cursor(terminal.text());
    if (before !== undefined && wanted.test(before)) return;
    terminal.press('j');
    const moved = (text: string): boolean => {
      const now = cursor(text);
      return (
        now !== undefined &&
        now !== before &&
        lines(text).filter((line) => line.startsWith('▸ ')).length === 1
      );
    };
    // At the end of the list: a row that was drawn anew meanwhile may have been passed, so once more from its top.
    await terminal.see(moved, 3000).catch(() => terminal.press('g'));
  }
  throw new Error(`The cursor never stood on ${String(wanted)}. The screen shows:\n${terminal.text()}`);
}

/** Moves the cursor of the walk to a control and opens it. */
export async function openControl(terminal: Terminal, control: string): Promise<void> {
  // The row of the walk begins alike: only the title tells that the control is open, and which.
  const title = (text: string): string => lines(text).slice(0, 2).join(' ');
  for (let time = 0; time < 3; time += 1) {
    terminal.press('g');
    await moveTo(terminal, new RegExp(control));
    terminal.press(keys.enter);
    await terminal.see((text) => / ▸ \S+-\S+/.test(title(text)));
    if (title(terminal.text()).includes(`▸ ${control}`)) return;
    // A list that was drawn late showed the cursor where it no longer was.
    terminal.press(keys.escape);
    await terminal.see('Lowest score first');
  }
  throw new Error(`${control} never opened. The screen shows:\n${terminal.text()}`);
}

/** Moves to the object and marks it alone; the first visit opens at the lesson. */
export async function mark(terminal: Terminal, object: RegExp): Promise<void> {
  terminal.press(keys.tab);
  await terminal.see(/\[Failing \d+\]/);
  await moveTo(terminal, object);
  terminal.press(' ');
  await terminal.see('1 marked');
}

/** Applies the preview that is shown on a live cluster; a key before its first complete frame counts for nothing. */
export async function applyAndConfirm(terminal: Terminal): Promise<void> {
  for (let time = 0; time < 5; time += 1) {
    terminal.press('a');
    const isAsked = await terminal.see(/y n/, 3000).then(
      () => true,
      () => false,
    );
    if (!isAsked) continue;
    terminal.press('y');
    return;
  }
  throw new Error(`Nothing asked whether to apply. The screen shows:\n${terminal.text()}`);
}

const isForm = (text: string): boolean => text.includes('Where the value comes from');

/** Label of the field with the cursor; undefined while a frame is half drawn. */
function fieldOf(text: string): string | undefined {
  const [line, ...more] = lines(text).filter((one) => one.startsWith('▸ '));
  return more.length === 0 ? /^▸ (\S+(?: \S+)*?) {2,}/.exec(line ?? '')?.[1] : undefined;
}

/** Types the values of the form, field by field, and goes on. */
export async function answer(terminal: Terminal, values: Readonly<Record<string, string>>): Promise<void> {
  for (;;) {
    await terminal.see((text) => !isForm(text) || fieldOf(text) !== undefined);
    const field = fieldOf(terminal.text());
    if (!isForm(terminal.text()) || field === undefined) return;
    const value = values[field];
    if (value !== undefined) {
      terminal.press('\x7f'.repeat(12));
      await terminal.see((text) => /^▸ [A-Za-z ]+_/.test(cursor(text) ?? ''));
      terminal.press(value);
      await terminal.see((text) => (cursor(text) ?? '').includes(`${value}_`));
    }
    terminal.press(keys.enter);
    await terminal.see((text) => {
      const now = fieldOf(text);
      return !isForm(text) || (now !== undefined && now !== field);
    });
  }
}
