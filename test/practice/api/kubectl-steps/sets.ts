import {type Step, sorted} from '../kubectl-both.ts';
import {map} from './manifests.ts';

const set = (names: readonly string[]): string => names.map((name) => map(name, 'x')).join('');

/** Sets of objects that are pruned together. */
export const sets: readonly Step[] = [
  {run: 'apply --prune --applyset=$ns -f -', input: set(['a', 'b'])},
  {run: 'apply --prune --applyset=$ns -f -', input: set(['a', 'b'])},
  {run: 'get secret $ns -o yaml', show: (text) => (text.match(/applyset.*/g) ?? []).join('\n')},
  {run: 'apply --prune --applyset=$ns -f -', input: set(['a', 'c'])},
  {run: 'get configmaps -o name'},
  {run: 'apply --prune --applyset=$ns --dry-run=server -f -', input: set(['c'])},
  {run: 'apply --prune --applyset=configmaps/holder -f -', input: set(['d'])},
  {run: 'apply --server-side --prune --applyset=configmaps/holder -f -', input: set(['d'])},
  {run: 'create configmap holder'},
  {run: 'apply --server-side --prune --applyset=configmaps/holder -f -', input: set(['d', 'e'])},
  {run: 'apply --server-side --prune --applyset=configmaps/holder -f -', input: set(['d'])},
  {run: 'apply --server-side --prune --applyset=configmaps/holder -f -', input: set(['a'])},
  {run: 'get configmaps -L applyset.kubernetes.io/part-of'},
  {run: 'apply --prune -l part=x -f -', input: map('p', 'x', ', labels: {part: x}')},
  {
    run: 'apply --prune -l part=x --prune-allowlist=core/v1/ConfigMap -f -',
    input: map('q', 'x', ', labels: {part: x}'),
  },
  {run: 'get configmaps -l part=x -o name'},
  {
    run: 'apply --prune --all --prune-allowlist=core/v1/ConfigMap --dry-run=server -f -',
    input: map('q', 'x', ', labels: {part: x}'),
    show: sorted,
  },
];
