import {asObject, asString} from '../../../engine/json.ts';
import {labelsOf} from '../../../engine/objects.ts';
import {admitTransient} from '../admission/admission.ts';
import {eventually, whenAnswered} from '../admission/asks.ts';
import {restrictNode} from '../admission/node-restriction.ts';
import {needsLanguage, type Subject} from '../admission/policies.ts';
import {ApiError, badRequest} from '../api-error.ts';
import {matchesLabels, selectorOf} from '../selectors.ts';
import {type Call, contextOf} from './call.ts';
import {decodeBody} from './decode-body.ts';
import {type Answer, bodyOf, type Services} from './resource-handlers.ts';
import {success} from './subresources.ts';

/** Deletes a pod unless a PodDisruptionBudget forbids it. @throws {ApiError} 429 */
export async function evict(call: Call, services: Services, namespace: string): Promise<Answer> {
  const {server} = services;
  const info = server.info('pods');
  const body = await bodyOf(call, info, services, 'Eviction');
  const eviction = decodeBody(call, body, {
    type: server.registry.schema.type('policy/v1.Eviction'),
    apiVersion: 'policy/v1',
    version: 'v1',
    kind: 'Eviction',
  });
  if (server.settings.plugins.has('NodeRestriction')) {
    const write = {info, operation: 'CREATE', sub: 'eviction', namespace, name: call.info.name} as const;
    restrictNode(server, write, call.user);
  }
  if (asString(asObject(eviction.metadata).name) !== call.info.name)
    throw badRequest('name in URL does not match name in Eviction object');
  if (needsLanguage(server, info)) await server.loadCel();
  const {name} = call.info;
  const subject: Subject = {
    ...{info, operation: 'CREATE', sub: 'eviction', name, namespace},
    object: {kind: 'Eviction', apiVersion: 'policy/v1', ...eviction},
    old: null,
  };
  await whenAnswered(contextOf(call), (asking) => admitTransient(server, subject, asking));
  const pod = server.read(info, namespace, call.info.name);
  const phase = asString(asObject(pod.status).phase);
  const ended = phase === 'Succeeded' || phase === 'Failed' || pod.metadata.deletionTimestamp !== undefined;
  const budgets = server
    .list('poddisruptionbudgets.policy', namespace)
    .filter((budget) => matchesLabels(selectorOf(asObject(asObject(budget.spec).selector)), labelsOf(pod)));
  if (budgets.length > 1)
    throw new ApiError(
      500,
      'InternalError',
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    );
  const options = asObject(eviction.deleteOptions);
  const context = contextOf(call);
  const dryRun = Array.isArray(options.dryRun) && options.dryRun.length > 0;
  const [budget] = budgets;
  if (budget && !ended) {
    const status = asObject(budget.status);
    const allowed = Number(status.disruptionsAllowed ?? 0);
    const {name = ''} = budget.metadata;
    if (allowed <= 0)
      throw new ApiError(
        429,
        'TooManyRequests',
        "Cannot evict pod as it would violate the pod's disruption budget.",
        {
          causes: [
            {
              reason: 'DisruptionBudget',
              message: `The disruption budget ${name} needs ${Number(status.desiredHealthy ?? 0)} healthy pods and has ${Number(status.currentHealthy ?? 0)} currently`,
              field: '',
            },
          ],
        },
      );
    if (!context.dryRun && !dryRun)
      eventually(() =>
        server.updateStatus('poddisruptionbudgets.policy', {
          ...budget,
          status: {...status, disruptionsAllowed: allowed - 1},
        }),
      );
  }
  const grace = options.gracePeriodSeconds;
  server.deleteObject(
    info,
    namespace,
    call.info.name,
    {isEviction: true, ...(typeof grace === 'number' ? {gracePeriodSeconds: grace} : {})},
    {...context, dryRun: context.dryRun || dryRun},
  );
  return {code: 201, object: success()};
}
