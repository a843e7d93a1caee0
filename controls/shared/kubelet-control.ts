import {type Control, type ControlMeta, defineControl} from '../../src/engine/control.ts';
import type {JsonObject} from '../../src/engine/json.ts';
import {kubeletOf} from '../../src/engine/kubelet.ts';
import {shown} from './fix.ts';
import {inKubeletFile, type KubeletChange, kubeletNeeds, overKubelets} from './kubelet.ts';

type KubeletControl = Pick<ControlMeta, 'id' | 'title' | 'baseScore' | 'practice' | 'references'> & {
  /** Field of the KubeletConfiguration. */
  readonly field: string;
  readonly isBad: (config: JsonObject) => boolean;
  /** The finding, with {node}, {evidence} and {found}. */
  readonly message: string;
  readonly summary: string;
  readonly edit: string;
  readonly verify: (node: string) => string;
  /** The same as data: what the file holds then. */
  readonly change?: KubeletChange;
};

/** A control about one field of the kubelets' configuration. */
export const kubeletControl = (given: KubeletControl): Control<'field'> => {
  const {id, title, practice, baseScore, references, field} = given;
  const meta: ControlMeta<'field'> = {
    id,
    title,
    practice,
    baseScore,
    references,
    needs: kubeletNeeds,
    messages: {field: given.message},
  };
  return defineControl({
    meta,
    ...overKubelets,
    *check(resource) {
      const {node, evidence, config} = kubeletOf(resource);
      if (!given.isBad(config)) return;
      yield {
        message: 'field',
        path: ['config', field],
        found: shown(config[field]),
        data: {node, evidence},
      };
    },
    fixes: (failures, view) =>
      inKubeletFile(meta, failures, view, given.summary, given.edit, given.verify, given.change),
  });
};
