import {InvalidArgumentError, Option} from '@commander-js/extra-typings';
import {isDate} from '../engine/exceptions.ts';

export const practiceOption = () =>
  new Option('--practice', 'the practice cluster that runs inside kubekata');
export const contextOption = () => new Option('--context <name>', 'a context of your kubeconfig');
export const kubeconfigOption = () =>
  new Option('--kubeconfig <file>', 'a kubeconfig other than the default');
export const manifestsOption = () =>
  new Option('--manifests <path...>', 'YAML or JSON files, folders or globs; - is stdin');
/** The editions, without loading their controls; a test holds them against `frameworks`. */
export const frameworkIds = ['nsa', 'nsa-2021', 'kubekata'] as const;

export const nodesProxyOption = () =>
  new Option(
    '--nodes-proxy',
    'ask each kubelet what it enforces, through nodes/proxy: that permission is as strong as exec in every pod',
  );
export const guardOption = () =>
  new Option('--guard', 'take a change back by itself where its rollout fails').default(false);
export const frameworkOption = () =>
  new Option(
    '--framework <id>',
    'nsa (today), nsa-2021 (the first edition) or kubekata (nsa and our own controls)',
  ).choices(frameworkIds);
export const controlOption = () => new Option('--control <id...>', 'only these controls, such as C-0034');
export const objectOption = () =>
  new Option('--object <id...>', 'only these objects, as Deployment/shop/web');
export const namespaceOption = () => new Option('--namespace <name...>', 'only objects of these namespaces');
export const exceptionsOption = () =>
  new Option('--exceptions <file>', 'accepted findings; kubekata.yaml where it is there');

/** A score from 0 to 100. */
export function score(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 100)) {
    throw new InvalidArgumentError('It is a score from 0 to 100.');
  }
  return value;
}

export function entryNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) {
    throw new InvalidArgumentError('It is the number of a change; without one all are listed.');
  }
  return Number(text);
}

export function day(text: string): string {
  if (text !== 'never' && !isDate(text)) {
    throw new InvalidArgumentError('It is a date as 2027-05-23, or never.');
  }
  return text;
}

/** Collects `question=value` over several uses of the option. */
export function answer(text: string, known: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, question = '', value = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (question.trim() === '' || value.trim() === '') {
    throw new InvalidArgumentError('It is a question and its answer, as "memory limit=256Mi".');
  }
  return new Map([...known, [question.trim(), value.trim()]]);
}
