import {basename} from 'node:path';
import {type TargetChoice, UsageError} from './choice.ts';
import {exitCodes} from './exit-codes.ts';
import type {DisplayOptions, Invocation} from './invocation.ts';
import {program} from './program.ts';
import {print, say} from './stdout.ts';
import {version} from './version.ts';

/** Runs one command line. Returns the exit code. @throws what `tell` knows how to tell. */
export async function run(words: readonly string[], calledAs = process.argv[1]): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const commands = program(
    version(),
    async (invocation) => {
      exitCode = await perform(invocation);
    },
    nameOf(calledAs),
  );
  await commands.parseAsync([...words], {from: 'user'});
  return exitCode;
}

/** kubectl runs `kubectl kata` as `kubectl-kata`. */
const nameOf = (calledAs = ''): string =>
  /^kubectl-kata(?:\.|$)/.test(basename(calledAs)) ? 'kubectl kata' : 'kubekata';

async function perform(invocation: Invocation): Promise<number> {
  if ('choice' in invocation && invocation.choice?.kind === 'live' && invocation.choice.nodesProxy) {
    say(
      'Kubelets are asked through nodes/proxy. Whoever may do that may also run commands in any pod of the node: take the permission back afterwards.',
    );
  }
  switch (invocation.command) {
    case 'version':
      await print(`kubekata ${version()}\n`);
      return exitCodes.ok;
    case 'practice': {
      const {resetPractice, servePractice} = await import('./practice.ts');
      return invocation.reset ? resetPractice() : servePractice();
    }
    case 'controls': {
      const {printControls} = await import('./catalogue.ts');
      return printControls(invocation.format);
    }
    case 'explain': {
      const {printExplanation} = await import('./catalogue.ts');
      return printExplanation(invocation.control);
    }
    case 'study': {
      const {display, list, context, kubeconfig, exportTo, importFrom} = invocation;
      const isScreens =
        !list && [context, kubeconfig, exportTo, importFrom].every((one) => one === undefined);
      const background = isScreens ? await ask(display) : undefined;
      const {study} = await import('./study.ts');
      const theme = (await background?.()) ?? display.theme;
      return study({...invocation, display: {...display, theme}});
    }
    case 'rbac': {
      const {printRole} = await import('./rbac.ts');
      return printRole(invocation.purpose);
    }
    case 'completion': {
      const {printCompletion} = await import('./completion.ts');
      return printCompletion(invocation.shell);
    }
    case 'import-exceptions': {
      const {importFrom} = await import('./exceptions.ts');
      return importFrom(invocation.file, invocation.into, invocation.until);
    }
    case 'fix': {
      const choice = explicit(invocation.choice, 'fix');
      const {fix} = await import('./fix/fix.ts');
      return fix({...invocation, choice});
    }
    case 'undo': {
      const choice = explicit(invocation.choice, 'take changes back in');
      const {undo} = await import('./fix/undo.ts');
      return undo({...invocation, choice});
    }
    case 'scan': {
      const choice = explicit(invocation.choice, 'scan');
      const {printScan} = await import('./print-scan.ts');
      return printScan({...invocation, choice, guide: false});
    }
    case 'walk': {
      if (process.stdin.isTTY && process.stdout.isTTY) {
        // Asked before the screens are loaded: the answer is there when they are.
        const background = await ask(invocation.display);
        const {walk} = await import('./walk.ts');
        return walk(invocation, false, background);
      }
      const {printScan} = await import('./print-scan.ts');
      return printScan({
        choice: invocation.choice ?? {kind: 'practice'},
        framework: invocation.framework,
        controls: [],
        namespaces: [],
        exceptions: undefined,
        format: 'table',
        output: undefined,
        failUnder: undefined,
        failOn: undefined,
        baseline: undefined,
        requireEvaluated: false,
        guide: true,
      });
    }
  }
}

async function ask(display: DisplayOptions) {
  const {askBackground} = await import('./background.ts');
  return askBackground(display, process, process.env);
}

/** @throws {UsageError} when no target is named: these commands never guess one. */
function explicit(choice: TargetChoice | undefined, what: string): TargetChoice {
  if (choice) return choice;
  throw new UsageError(
    `Say what to ${what}: --practice, --context NAME, --kubeconfig FILE or --manifests PATH.`,
  );
}
