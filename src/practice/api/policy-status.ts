import {asArray, asObject, asString, type JsonObject} from '../../engine/json.ts';
import {policiesId} from './admission/policies.ts';
import type {Cel} from './cel/environment.ts';
import {fieldWarning} from './cel/field-check.ts';
import {systemUser} from './context.ts';
import {decode} from './decode.ts';
import type {Stored} from './machine.ts';
import {type Manager, readManagers} from './managed-fields.ts';
import {serverSideApply} from './patch/apply.ts';
import type {ResourceInfo} from './resources.ts';
import type {ApiServer} from './server.ts';

const mostKinds = 10;

/** Writes what is wrong with the expressions of policies into their status. Returns the function that ends it. */
export function checkPolicyTypes(server: ApiServer, onLog: (line: string) => void): () => void {
  const look = async (policy: Stored): Promise<void> => {
    const {generation, name = ''} = policy.metadata;
    if (Number(asObject(policy.status).observedGeneration ?? 0) >= Number(generation ?? 1)) return;
    await server.loadCel();
    const current = server.get(policiesId, '', name);
    if (!server.cel || current === undefined || current.metadata.generation !== generation) return;
    write(server, name, {
      observedGeneration: Number(generation ?? 1),
      typeChecking: typeChecking(server, server.cel, asObject(current.spec)),
    });
  };
  const start = (policy: Stored): void => {
    look(policy).catch((error: unknown) =>
      onLog(`the status of the policy ${policy.metadata.name} was not written: ${String(error)}`),
    );
  };
  for (const policy of server.list(policiesId)) start(policy);
  return server.subscribe(({resource, type, object}) => {
    if (resource === policiesId && type !== 'DELETED') start(object);
  });
}

const manager = 'validatingadmissionpolicy-status';

/** By server-side apply, as kube-controller-manager does. */
function write(server: ApiServer, name: string, status: JsonObject): void {
  const info = server.info(policiesId);
  let managers: readonly Manager[] = [];
  server.updateObject(
    info,
    '',
    name,
    'status',
    (live) => {
      const applied = serverSideApply({
        type: info.type,
        apiVersion: info.apiVersion,
        wanted: {status},
        live,
        managers: readManagers(live.metadata),
        manager,
        subresource: 'status',
        force: true,
      });
      managers = applied.managers;
      return decode(info.type, applied.object, []);
    },
    {
      user: systemUser('kube-controller-manager'),
      manager,
      dryRun: false,
      warn: () => undefined,
      managersOf: () => managers,
    },
  );
}

function typeChecking(server: ApiServer, cel: Cel, spec: JsonObject): JsonObject {
  const kinds = kindsOf(server, asObject(spec.matchConstraints));
  const warnings: JsonObject[] = [];
  const check = (expression: string, fieldRef: string): void => {
    if (!expression) return;
    const tree = cel.tree(expression, 'policy');
    const warning = kinds.flatMap((info) => {
      const found = fieldWarning(expression, tree, info.type);
      if (found === undefined) return [];
      const version = info.apiVersion.includes('/') ? info.apiVersion : `/${info.apiVersion}`;
      return [`${version}, Kind=${info.kind}: ${found}\n`];
    });
    if (warning.length > 0) warnings.push({fieldRef, warning: warning.join('\n')});
  };
  for (const [index, item] of asArray(spec.validations).map(asObject).entries()) {
    check(asString(item.expression), `spec.validations[${index}].expression`);
    check(asString(item.messageExpression), `spec.validations[${index}].messageExpression`);
  }
  return warnings.length > 0 ? {expressionWarnings: warnings} : {};
}

/** The built-in kinds that the rules name, none of them by a star, in the order of group, version and kind. */
function kindsOf(server: ApiServer, constraints: JsonObject): readonly ResourceInfo[] {
  const found = new Map<string, ResourceInfo>();
  for (const rule of asArray(constraints.resourceRules).map(asObject)) {
    const [groups, versions, resources] = ['apiGroups', 'apiVersions', 'resources'].map((key) =>
      asArray(rule[key]).map(asString).sort(),
    ) as [string[], string[], string[]];
    if ([...groups, ...versions].some((one) => one.includes('*'))) continue;
    for (const group of groups)
      for (const version of versions)
        for (const resource of resources.filter((one) => !/[*/]/.test(one))) {
          const info = server.registry.at(group, version, resource);
          if (info && !info.custom && found.size < mostKinds)
            found.set(`${info.apiVersion}/${info.kind}`, info);
        }
  }
  const key = ({group, version, kind}: ResourceInfo): string => `${group}\0${version}\0${kind}`;
  return [...found.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
