import {asArray, asObject} from '../../engine/json.ts';
import {filePathOf} from '../../engine/node-file.ts';
import type {PreviewItem} from '../../target/target.ts';
import type {Remark} from '../plan.ts';

/** What a change of a node's file breaks that no look at objects shows: Secrets whose key goes. */
export function nodeFileRemarks(items: readonly PreviewItem[]): readonly Remark[] {
  return items.flatMap(({step, ref, before, after, rejection}) => {
    if (step.do !== 'file' || rejection !== undefined) return [];
    if (before?.kind === 'EncryptionConfiguration' && after === undefined) {
      const text = `${filePathOf(ref)} of node ${ref.namespace} holds the key: Secrets that were written since can not be read without it, nor by the pods that mount them. Before it goes, put identity first in it, and write every Secret once more.`;
      return [{mark: 'failed', text} as const];
    }
    const isPod = before?.kind === 'Pod' && asArray(asObject(before.spec).containers).length > 0;
    return isPod && after === undefined
      ? [
          {
            mark: 'failed',
            text: `${filePathOf(ref)} of node ${ref.namespace} goes, and its pod with it.`,
          } as const,
        ]
      : [];
  });
}
