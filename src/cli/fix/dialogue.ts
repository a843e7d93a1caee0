import {createInterface} from 'node:readline/promises';

/** Questions to a person at the terminal, asked on stderr. */
export type Dialogue = {
  /** The line that was typed; undefined at the end of input, or after ctrl-c. */
  ask(question: string): Promise<string | undefined>;
  readonly wasInterrupted: () => boolean;
  close(): void;
};

export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

export function openDialogue(): Dialogue {
  const lines = createInterface({input: process.stdin, output: process.stderr});
  const ended = new AbortController();
  let interrupted = false;
  lines.on('SIGINT', () => {
    interrupted = true;
    ended.abort();
  });
  lines.on('close', () => ended.abort());
  return {
    async ask(question) {
      if (ended.signal.aborted) return undefined;
      try {
        return (await lines.question(question, {signal: ended.signal})).trim();
      } catch (error) {
        if (ended.signal.aborted) return undefined;
        throw error;
      }
    },
    wasInterrupted: () => interrupted,
    close: () => lines.close(),
  };
}

/** Asks until one of the letters is typed. */
export async function askLetter<Letter extends string>(
  dialogue: Dialogue,
  question: string,
  letters: readonly Letter[],
  help: string,
): Promise<Letter | undefined> {
  for (;;) {
    const typed = await dialogue.ask(`${question} [${letters.join('/')}] `);
    if (typed === undefined) return undefined;
    const letter = letters.find((one) => one === typed.toLowerCase());
    if (letter) return letter;
    process.stderr.write(`${help}\n`);
  }
}
