import type {CommandUnknownOpts, Option} from '@commander-js/extra-typings';
import {controlIds} from './catalogue.ts';
import {exitCodes} from './exit-codes.ts';
import type {Shell} from './invocation.ts';
import {program} from './program.ts';
import {print} from './stdout.ts';

/** What can follow: fixed words, files, or contexts of the kubeconfig. */
type Values = readonly string[] | 'files' | 'contexts' | 'anything';

type CompletedOption = {
  readonly flags: readonly string[];
  readonly description: string;
  /** Undefined: it takes no value. */
  readonly values: Values | undefined;
  /** It takes all words up to the next option. */
  readonly variadic: boolean;
};

type CompletedCommand = {
  /** Without the program's name; empty for the root. */
  readonly words: readonly string[];
  readonly description: string;
  readonly options: readonly CompletedOption[];
  readonly commands: readonly {readonly name: string; readonly description: string}[];
  readonly argument: Values | undefined;
};

/** Prints completion for a shell, made from the command line's own definition. */
export async function printCompletion(shell: Shell): Promise<number> {
  const root = program('', async () => {});
  const commands = walk(root as CommandUnknownOpts, [], controlIds());
  await print({bash, zsh, fish}[shell](commands));
  return exitCodes.ok;
}

function walk(
  command: CommandUnknownOpts,
  words: readonly string[],
  controls: readonly string[],
): readonly CompletedCommand[] {
  const own: CompletedCommand = {
    words,
    description: command.description(),
    options: [
      ...command.options.map((option) => completed(option, controls)),
      {flags: ['-h', '--help'], description: 'print this help', values: undefined, variadic: false},
    ],
    commands: command.commands.map((one) => ({name: one.name(), description: one.description()})),
    argument: argumentOf(command, controls),
  };
  return [own, ...command.commands.flatMap((one) => walk(one, [...words, one.name()], controls))];
}

function argumentOf(command: CommandUnknownOpts, controls: readonly string[]): Values | undefined {
  const [argument] = command.registeredArguments;
  if (argument === undefined) return undefined;
  if (argument.argChoices) return argument.argChoices;
  return argument.name() === 'control' ? controls : argument.name() === 'file' ? 'files' : 'anything';
}

function completed(option: Option, controls: readonly string[]): CompletedOption {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined && flag !== null);
  return {
    flags,
    description: option.description,
    values: valuesOf(option, controls),
    variadic: option.variadic,
  };
}

function valuesOf(option: Option, controls: readonly string[]): Values | undefined {
  if (!option.required && !option.optional) return undefined;
  if (option.argChoices) return option.argChoices;
  if (/<(?:file|path)/.test(option.flags)) return 'files';
  if (option.long === '--control') return controls;
  return option.long === '--context' ? 'contexts' : 'anything';
}

const contexts = 'kubectl config get-contexts -o name 2>/dev/null';
const quote = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Bash: one function, which finds the command from the words so far. */
function bash(commands: readonly CompletedCommand[]): string {
  const cases = commands.map(({words, options, commands: below, argument}) => {
    const takers = options.filter(({values}) => values !== undefined);
    const after = takers.map(
      ({flags, values = 'anything'}) => `        ${flags.join('|')}) ${bashValues(values)}; return ;;`,
    );
    const flags = options.flatMap((option) => option.flags).join(' ');
    const first = [
      ...below.map(({name}) => name),
      ...(Array.isArray(argument) ? (argument as readonly string[]) : []),
    ].join(' ');
    const files = argument === 'files' ? '\n      COMPREPLY+=($(compgen -f -- "$current"))' : '';
    return [
      `    ${quote(words.join(' '))})`,
      ...(after.length > 0 ? ['      case "$option" in', ...after, '      esac'] : []),
      `      COMPREPLY=($(compgen -W ${quote(`${first} ${flags}`.trim())} -- "$current"))${files} ;;`,
    ].join('\n');
  });
  const names = commands.map(({words}) => words.join(' ')).filter(Boolean);
  const many = commands.flatMap(({options}) => options.filter(({variadic}) => variadic));
  const variadic = [...new Set(many.flatMap(({flags}) => flags))].join('|');
  return `# kubekata completion for bash: source <(kubekata completion bash)
_kubekata() {
  local current="\${COMP_WORDS[COMP_CWORD]}" command='' option='' word index
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    if [[ $word == -* ]]; then
      option="$word"
    else
      case "$option" in
        ${variadic}) continue ;;
      esac
      option=''
      case "\${command:+$command }$word" in
        ${names.map(quote).join('|')}) command="\${command:+$command }$word" ;;
      esac
    fi
  done
  [[ $current == -* ]] && option=''
  case "$command" in
${cases.join('\n')}
  esac
}
complete -o bashdefault -F _kubekata kubekata
`;
}

function bashValues(values: Values): string {
  if (values === 'files') return 'COMPREPLY=($(compgen -f -- "$current"))';
  if (values === 'contexts') return `COMPREPLY=($(compgen -W "$(${contexts})" -- "$current"))`;
  if (values === 'anything') return 'COMPREPLY=()';
  return `COMPREPLY=($(compgen -W ${quote(values.join(' '))} -- "$current"))`;
}

/** Zsh: a function for each command with _arguments. */
function zsh(commands: readonly CompletedCommand[]): string {
  const functions = commands.map(({words, options, commands: below, argument}) => {
    const name = ['_kubekata', ...words].join('_');
    const specs = options.map(({flags, description, values}) => {
      const text = `[${description.replace(/[[\]\\:]/g, String.raw`\$&`)}]`;
      const group = flags.length > 1 ? `(${flags.join(' ')})` : '';
      const names = flags.length > 1 ? `{${flags.join(',')}}` : (flags[0] ?? '');
      const rest = quote(`${text}${values === undefined ? '' : `:value:${zshValues(values)}`}`);
      return `    ${group ? quote(group) : "'*'"}${names}${rest}`;
    });
    const tail =
      below.length > 0
        ? [`    '1:command:((${below.map(zshCommand).join(' ')}))'`, "    '*::word:->words'"]
        : argument
          ? [`    ${quote(`1:argument:${zshValues(argument)}`)}`]
          : [];
    const next =
      below.length > 0
        ? `\n  if [[ $state == words ]]; then\n    case $line[1] in\n${below.map((one) => `      ${one.name}) ${[name, one.name].join('_')} ;;`).join('\n')}\n    esac\n  fi`
        : '';
    // After the command its own function goes on: options of both would be taken for those of the first.
    const until = below.length > 0 ? " -A '-*'" : '';
    return `${name}() {\n  local state line\n  _arguments -C${until} \\\n${[...specs, ...tail].join(' \\\n')}${next}\n}`;
  });
  return `#compdef kubekata
# kubekata completion for zsh: kubekata completion zsh > "\${fpath[1]}/_kubekata"
_kubekata_contexts() { local -a names; names=(\${(f)"$(${contexts})"}); compadd -a names }
${functions.join('\n')}
if [ "$funcstack[1]" = _kubekata ]; then _kubekata "$@"; else compdef _kubekata kubekata; fi
`;
}

const zshCommand = ({name, description}: {name: string; description: string}): string =>
  `${name}\\:${JSON.stringify(description.replace(/[\\":$`']/g, ''))}`;

function zshValues(values: Values): string {
  if (values === 'files') return '_files';
  if (values === 'contexts') return '_kubekata_contexts';
  return values === 'anything' ? ' ' : `(${values.join(' ')})`;
}

/** Fish: a line for each word that can follow. */
function fish(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({words, options, commands: below, argument}) => {
    const others = below.map(({name}) => name).join(' ');
    // Not __fish_use_subcommand: it takes the value of an option for a command.
    const where = quote(
      words.length === 0
        ? `not __fish_seen_subcommand_from ${others}`
        : [
            ...words.map((word) => `__fish_seen_subcommand_from ${word}`),
            ...(others ? [`not __fish_seen_subcommand_from ${others}`] : []),
          ].join('; and '),
    );
    const start = `complete -c kubekata -n ${where}`;
    return [
      ...below.map(({name, description}) => `${start} -f -a ${name} -d ${quote(description)}`),
      ...(argument ? [`${start} ${fishValues(argument)}`] : []),
      ...options.map(({flags, description, values}) => {
        const names = flags.map((flag) =>
          flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`,
        );
        const value = values === undefined ? '' : ` -r ${fishValues(values)}`;
        return `${start} ${names.join(' ')}${value} -d ${quote(description)}`;
      }),
    ];
  });
  return `# kubekata completion for fish: kubekata completion fish > ~/.config/fish/completions/kubekata.fish
complete -c kubekata -f
${lines.join('\n')}
`;
}

function fishValues(values: Values): string {
  if (values === 'files') return '-F';
  if (values === 'contexts') return `-f -a ${quote(`(${contexts})`)}`;
  return values === 'anything' ? '-f' : `-f -a ${quote(values.join(' '))}`;
}
