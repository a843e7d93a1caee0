import {type Control, type ControlMeta, defineControl} from '../../src/engine/control.ts';
import {apiServerFile, atFlag, flagOf, onTheNode, overServers, serverNeeds} from './component.ts';
import type {ServerChange} from './server-change.ts';

type FlagControl = Pick<ControlMeta, 'title' | 'practice' | 'baseScore' | 'references'> & {
  readonly id: string;
  readonly flag: string;
  /** What is wrong with the value (undefined: the flag is not there). */
  readonly isBad: (value: string | undefined, flag: (name: string) => string | undefined) => boolean;
  /** The finding, with {server}, {source} and {found}. */
  readonly message: string;
  readonly summary: string;
  /** What to change in the file of the node, after `In FILE, `. */
  readonly edit: string;
  readonly verify: string;
  /** The same as data; `flag` tells what the server has now. */
  readonly change?: (flag: (name: string) => string | undefined) => ServerChange;
};

/** A control about one flag of the API server, wherever its flags are known from. */
export const flagControl = (given: FlagControl): Control<'flag'> => {
  const {id, title, practice, baseScore, references, flag} = given;
  const meta: ControlMeta<'flag'> = {
    id,
    title,
    practice,
    baseScore,
    references,
    needs: serverNeeds,
    messages: {flag: given.message},
  };
  return defineControl({
    meta,
    ...overServers(),
    *check(resource) {
      const value = (name: string) => flagOf(resource, name);
      if (given.isBad(value(flag), value)) yield atFlag('flag', resource, flag);
    },
    fixes: (failures, view) =>
      onTheNode(
        meta,
        failures,
        view,
        given.summary,
        () => [
          `In ${apiServerFile}, ${given.edit} On k3s and RKE2 it is --kube-apiserver-arg of the server instead.`,
          'Wait until the kubelet has started the pod anew: kubectl -n kube-system get pods -l component=kube-apiserver',
          `Verify: ${given.verify}`,
        ],
        given.change && ((resource) => given.change!((name) => flagOf(resource, name))),
      ),
  });
};

export const listed = (value: string | undefined): readonly string[] =>
  (value ?? '').split(',').map((one) => one.trim());
