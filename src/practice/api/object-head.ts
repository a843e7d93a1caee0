import {badRequest} from './api-error.ts';
import {type Draft, ensure, text} from './draft.ts';
import type {ResourceInfo} from './resources.ts';

/** With its kind and version, and these first: lists leave them out. */
export const headed = (
  {kind, apiVersion}: ResourceInfo,
  {kind: _, apiVersion: __, ...rest}: Draft,
): Draft => ({kind, apiVersion, ...rest});

/** Puts an object into the namespace of its request. @throws {ApiError} 400 when it names another. */
export function place(info: ResourceInfo, namespace: string, metadata: Draft): void {
  if (!info.namespaced) {
    delete metadata.namespace;
    return;
  }
  const own = text(metadata, 'namespace');
  if (own && own !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  metadata.namespace = namespace;
}

/** Kinds that nobody may replace without having read them. */
export const needsRevision = (info: ResourceInfo): boolean =>
  info.custom !== undefined ||
  info.group === 'policy' ||
  info.group === 'admissionregistration.k8s.io' ||
  info.group === 'apiextensions.k8s.io' ||
  info.group === 'coordination.k8s.io';

/** Whether an object was waiting for finalizers that are gone now. */
export function isFinished(draft: Draft): boolean {
  const metadata = ensure(draft, 'metadata');
  if (!metadata.deletionTimestamp || metadata.deletionGracePeriodSeconds) return false;
  const specFinalizers = draft.kind === 'Namespace' ? ensure(draft, 'spec').finalizers : undefined;
  const empty = (value: unknown): boolean => !Array.isArray(value) || value.length === 0;
  return empty(metadata.finalizers) && empty(specFinalizers);
}
