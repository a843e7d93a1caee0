import {child, type Draft, text} from './draft.ts';
import type {Stored} from './machine.ts';
import type {ResourceInfo} from './resources.ts';

export function addFinalizer(metadata: Draft, name: string): void {
  const list = Array.isArray(metadata.finalizers) ? metadata.finalizers : [];
  metadata.finalizers = list.includes(name) ? list : [...list, name];
}

/** Seconds that a pod has to end by itself; all else, and a pod that runs nowhere, goes at once. */
export function graceOf(info: ResourceInfo, old: Stored, asked: number | undefined): number {
  if (info.id !== 'pods') return 0;
  const spec = child(old as Draft, 'spec');
  const phase = text(child(old as Draft, 'status'), 'phase');
  if (!text(spec, 'nodeName') || phase === 'Succeeded' || phase === 'Failed') return 0;
  return Math.max(0, asked ?? Number(spec?.terminationGracePeriodSeconds ?? 30));
}
