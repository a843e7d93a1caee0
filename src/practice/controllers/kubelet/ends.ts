import {controllerOf} from '../cache.ts';
import type {Container, Pod} from '../types.ts';
import type {Traits} from './traits.ts';

const stays = /\b(sleep|tail -f|while|watch|serve|server|daemon|http|listen|nc -l|infinity|top)\b/;

/**
 * The exit code of a program that comes to an end by itself, undefined of one that stays. Pods of Jobs and Workflows
 * end; others do when their command is a script that says so, or when they are a shell without anything to do.
 */
export function endOf(pod: Pod, container: Container, traits: Traits): number | undefined {
  const text = [...(container.command ?? []), ...(container.args ?? [])].join(' ').trim();
  const exit = /\bexit (\d+)\b/.exec(text)?.[1];
  if (exit !== undefined) return Number(exit) % 256;
  if (/^(\/bin\/)?false$/.test(text)) return 1;
  if (/^(\/bin\/)?(true|date|env|id|whoami|hostname|echo|ls|cat|printf|uname|cp|rm|mkdir|touch)\b/.test(text))
    return 0;
  const owner = controllerOf(pod)?.kind;
  if (owner === 'Job' || owner === 'Workflow') {
    return /\bsleep (infinity|inf|\d{3,}|\d+[hd])\b/.test(text) ? undefined : 0;
  }
  if (pod.spec.initContainers?.includes(container) && container.restartPolicy !== 'Always') return 0;
  if (text === '') return traits.ends && container.stdin !== true ? 0 : undefined;
  const isScript = /^(\/bin\/|\/usr\/bin\/)?(ba|a|da|)sh -\w*c\b/.test(text);
  return isScript && traits.ends && !stays.test(text) ? 0 : undefined;
}
