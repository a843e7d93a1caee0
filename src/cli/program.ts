import {Command, InvalidArgumentError, Option} from '@commander-js/extra-typings';
import {choiceOf, type TargetChoice} from './choice.ts';

export type DisplayOptions = {
  readonly theme: 'auto' | 'dark' | 'light';
  readonly colourBlind: boolean;
  readonly icons: boolean;
  readonly screenReader: boolean;
  readonly readOnly: boolean;
};

export type Invocation =
  | {
      readonly command: 'walk';
      readonly choice: TargetChoice | undefined;
      readonly framework: string | undefined;
      readonly display: DisplayOptions;
    }
  | {
      readonly command: 'scan';
      readonly choice: TargetChoice | undefined;
      readonly framework: string | undefined;
      readonly format: 'table' | 'json';
      readonly output: string | undefined;
      readonly failUnder: number | undefined;
      readonly requireEvaluated: boolean;
    }
  | {readonly command: 'practice'; readonly reset: boolean}
  | {readonly command: 'controls'}
  | {readonly command: 'explain'; readonly control: string}
  | {readonly command: 'version'};

const practiceOption = () => new Option('--practice', 'the practice cluster that runs inside kubekata');
const contextOption = () => new Option('--context <name>', 'a context of your kubeconfig');
const kubeconfigOption = () => new Option('--kubeconfig <file>', 'a kubeconfig other than the default');
const manifestsOption = () =>
  new Option('--manifests <path...>', 'YAML or JSON files, folders or globs; - is stdin');
const frameworkOption = () =>
  new Option('--framework <id>', 'nsa (today) or nsa-2021 (the first edition)').choices(['nsa', 'nsa-2021']);

/**
 * The command line. `run` gets what was asked for; help, typos and bad values are answered by commander, which
 * throws CommanderError where it would exit.
 */
export function program(version: string, run: (invocation: Invocation) => Promise<void>) {
  const root = new Command('kubekata')
    .description('Walk the NSA/CISA controls from the lowest score: understand, fix, watch the score rise.')
    .version(`kubekata ${version}`, '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .exitOverride()
    .addOption(practiceOption())
    .addOption(contextOption())
    .addOption(kubeconfigOption())
    .addOption(manifestsOption())
    .addOption(frameworkOption())
    .addOption(
      new Option('--theme <name>', 'colours').choices(['auto', 'dark', 'light'] as const).default('auto'),
    )
    .option('--colour-blind', 'colours that differ for every kind of colour vision', false)
    .option('--no-icons', 'ASCII only')
    .option('--screen-reader', 'one column of sentences, for screen readers', false)
    .option('--read-only', 'nothing can be applied', false)
    .action((options) =>
      run({
        command: 'walk',
        choice: choiceOf(options),
        framework: options.framework,
        display: {
          theme: options.theme as DisplayOptions['theme'],
          colourBlind: options.colourBlind,
          icons: options.icons,
          screenReader: options.screenReader,
          readOnly: options.readOnly,
        },
      }),
    );

  root
    .command('scan')
    .description('scan once and print the result; data goes to stdout, talk to stderr')
    .addOption(practiceOption())
    .addOption(contextOption())
    .addOption(kubeconfigOption())
    .addOption(manifestsOption())
    .addOption(frameworkOption())
    .addOption(
      new Option('--format <format>', 'how to print it').choices(['table', 'json'] as const).default('table'),
    )
    .option('--output <file>', 'write to a file instead of stdout')
    .option('--fail-under <score>', 'exit with 1 when the score is below', score)
    .option('--require-evaluated', 'exit with 3 when a control could not be evaluated', false)
    .exitOverride()
    .action((options) =>
      run({
        command: 'scan',
        choice: choiceOf(options),
        framework: options.framework,
        format: options.format as 'table' | 'json',
        output: options.output,
        failUnder: options.failUnder,
        requireEvaluated: options.requireEvaluated,
      }),
    );

  const practice = root
    .command('practice')
    .description('serve the practice cluster for kubectl, until ctrl-c')
    .exitOverride()
    .action(() => run({command: 'practice', reset: false}));
  practice
    .command('reset')
    .description('start the practice cluster over: all that was changed in it is lost')
    .exitOverride()
    .action(() => run({command: 'practice', reset: true}));

  root
    .command('explain')
    .argument('<control>', 'its id, such as C-0034')
    .description('tell what a control means, why it matters and how to meet it')
    .exitOverride()
    .action((control) => run({command: 'explain', control}));
  root
    .command('controls')
    .description('list all controls')
    .exitOverride()
    .action(() => run({command: 'controls'}));
  root
    .command('version')
    .description('print the version')
    .exitOverride()
    .action(() => run({command: 'version'}));
  return root;
}

function score(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 100)) {
    throw new InvalidArgumentError('It is a score from 0 to 100.');
  }
  return value;
}
